// What the reader holds in memory of all findings: columns of integers by artifact, and the names that they stand for.
// A million findings take some 60 MB with the names; any question over them is one pass of some ten milliseconds.
import { type ArtifactKind, type Exposure, PACKAGE_TYPES, type PackageType } from '@guardcell/core';
import type { RunningContainer } from '../../../scan-ports.ts';
import type { FindingColumns } from '../finding-columns.ts';
import type { Silencer } from './silencers.ts';

export interface ArtifactEntry {
  readonly key: number;
  readonly id: string;
  readonly kind: ArtifactKind;
  readonly name: string;
  /** Newest first. */
  readonly references: readonly string[];
  readonly registries: readonly string[];
  readonly platform: string;
  readonly os: string;
  readonly size: number;
  readonly packages: number;
  readonly secrets: number;
  readonly misconfigurations: number;
  readonly malware: number;
  readonly errors: number;
  readonly scannedMs: number;
  readonly matchedMs: number;
  /** The commit that wrote it last. */
  readonly change: number;
  /** In small letters: what `q` looks for in an artifact. */
  readonly words: string;
  readonly columns: FindingColumns;
  /** Running containers of it now, and how far they can be reached. */
  running: number;
  exposure: Exposure;
  /** For each finding the number of the silencer in force, from 1; 0 where none is. Undefined: none at all. */
  silencedBy: Int32Array | undefined;
}

/** Rows of `fact` by key. Holes are undefined. */
export interface FactEntry {
  readonly vulnerability: number;
  readonly aliases: readonly string[];
  /** In small letters: what `q` looks for. */
  readonly words: string;
  readonly cvss: number;
  readonly epss: number;
  readonly flags: number;
}

/** Rows of `package` by key. */
export interface PackageEntry {
  /** Index of PACKAGE_TYPES; of `binary` when the type is unknown. */
  readonly type: number;
  readonly name: string;
  readonly version: string;
  readonly source: string;
  /** Number of (type, name) and of what one upgrade moves: (type, source or name, version). */
  readonly group: number;
  readonly move: number;
}

export interface Workload extends RunningContainer {
  /** Key of its artifact; undefined while its image is not scanned. */
  artifact: number | undefined;
}

export interface ScanIndex {
  /** Changes whenever an answer may. */
  version: number;
  readonly artifacts: Map<number, ArtifactEntry>;
  readonly keyOfAlias: Map<string, number>;
  readonly facts: (FactEntry | undefined)[];
  /** By key of the fact: number of the vulnerability, flags. Arrays of numbers, since passes over all rows read them. */
  readonly vulnerabilityOf: number[];
  readonly flagsOf: number[];
  /** Keys of facts by id and alias, in small letters. */
  readonly factsNamed: Map<string, number[]>;
  /** Ids of vulnerabilities by number, and the reverse. */
  readonly vulnerabilities: Numbered;
  readonly packages: (PackageEntry | undefined)[];
  /** By key of the package. */
  readonly typeOf: number[];
  readonly groupOf: number[];
  readonly moveOf: number[];
  readonly groups: Numbered;
  readonly moves: Numbered;
  readonly fixed: (string | undefined)[];
  workloads: readonly Workload[];
  /** Those in force; numbers of `silencedBy` are places in here, from 1. */
  silencers: readonly Silencer[];
}

/** Texts that have a small number each. */
export interface Numbered {
  numberOf(text: string): number;
  find(text: string): number | undefined;
  text(number: number): string;
  size(): number;
}

function createNumbered(): Numbered {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    numberOf(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      return texts.push(text) - 1;
    },
    find: (text) => numbers.get(text),
    text: (number) => texts[number] ?? '',
    size: () => texts.length,
  };
}

export function emptyIndex(version: number): ScanIndex {
  return {
    version,
    artifacts: new Map(),
    keyOfAlias: new Map(),
    facts: [],
    vulnerabilityOf: [],
    flagsOf: [],
    factsNamed: new Map(),
    vulnerabilities: createNumbered(),
    packages: [],
    typeOf: [],
    groupOf: [],
    moveOf: [],
    groups: createNumbered(),
    moves: createNumbered(),
    fixed: [],
    workloads: [],
    silencers: [],
  };
}

const BINARY = PACKAGE_TYPES.indexOf('binary');

export function typeNumber(type: string): number {
  const number = (PACKAGE_TYPES as readonly string[]).indexOf(type);
  return number < 0 ? BINARY : number;
}

export function typeName(number: number): PackageType {
  return PACKAGE_TYPES[number] ?? 'binary';
}

/** The artifact that an id, a digest or an unambiguous reference means. */
export function findArtifact(index: ScanIndex, name: string): ArtifactEntry | undefined {
  const key = index.keyOfAlias.get(name);
  if (key !== undefined) return index.artifacts.get(key);
  const named = [...index.artifacts.values()].filter((entry) => entry.references.includes(name));
  const [first, ...others] = named.filter((entry) => entry.name === name);
  if (first !== undefined && others.length === 0) return first;
  return named.length === 1 ? named[0] : undefined;
}
