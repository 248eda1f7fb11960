// What reading an SBOM gives, whatever its format.
import type { OsRelease, SoftwarePackage } from '@guardcell/core';

const SBOM_FORMATS = [
  'cyclonedx-json',
  'cyclonedx-xml',
  'spdx-json',
  'spdx-tag-value',
  'spdx3-json',
] as const;
export type SbomFormat = (typeof SBOM_FORMATS)[number];

/** A component of an ecosystem that no advisories of ours speak of, or without package URL. */
export interface UnknownComponent {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
}

export interface SbomContent {
  readonly format: SbomFormat;
  /** `1.6`, `2.3` … */
  readonly specVersion: string;
  /** Of what the SBOM describes; empty where it does not say. */
  readonly name: string;
  readonly packages: readonly SoftwarePackage[];
  readonly os?: OsRelease;
  readonly unknown: readonly UnknownComponent[];
  /** What was left out, and why; the rest stands. */
  readonly problems: readonly string[];
}

export type ReadSbom = SbomContent | { readonly problem: string };

/** More are refused: no artifact has as many. */
const MAX_COMPONENTS = 1_000_000;

/** Collects components up to the limit and says what was left out. */
export interface SbomCollector {
  add(item: SoftwarePackage | UnknownComponent): void;
  problem(text: string): void;
  result(): Pick<SbomContent, 'packages' | 'unknown' | 'problems'>;
}

const MAX_PROBLEMS = 100;

/** A new, empty collector. */
export function sbomCollector(): SbomCollector {
  const packages: SoftwarePackage[] = [];
  const unknown: UnknownComponent[] = [];
  const problems: string[] = [];
  let [overLimit, moreProblems] = [0, 0];
  return {
    add(item) {
      if (packages.length + unknown.length >= MAX_COMPONENTS) overLimit++;
      else if ('type' in item) packages.push(item);
      else unknown.push(item);
    },
    problem(text) {
      if (problems.length < MAX_PROBLEMS) problems.push(text);
      else moreProblems++;
    },
    result() {
      const counted = [
        ...(overLimit === 0 ? [] : [`${overLimit} components left out: more than ${MAX_COMPONENTS}`]),
        ...(moreProblems === 0 ? [] : [`${moreProblems} more problems`]),
      ];
      return { packages, unknown, problems: [...problems, ...counted] };
    },
  };
}
