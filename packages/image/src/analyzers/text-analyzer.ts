// Makes an analyzer of a parser for a text file that lists packages: lock files, manifests, workflows.
import type { PackageType } from '@guardcell/core';
import type { Analyzer, FileEntry } from '../analyzer.ts';
import { assembleFound, type FoundPackage } from './found-package.ts';
import { needSign, structuredTextOf } from './untyped.ts';

/** A file that is not what its name says. */
export interface Problem {
  readonly problem: string;
}

export type Parsed = readonly FoundPackage[] | Problem;

export interface TextAnalyzer {
  readonly id: string;
  readonly version: number;
  readonly type: PackageType;
  /** Bytes; 32 MiB unless told. */
  readonly maxBytes?: number;
  /** By name alone. Links are never asked for: their targets are. */
  wants(path: string, basename: string, entry: FileEntry): boolean;
  /** Something that every such file has, for parsers that pass over what they do not know. */
  readonly sign?: RegExp;
  /** May throw (`JSON.parse` does): that is a problem of the file. */
  parse(text: string, path: string): Parsed;
  purl(found: FoundPackage): string;
}

const DEFAULT_TEXT_BYTES: number = 32 * 1024 * 1024;

export const isProblem = (parsed: Parsed): parsed is Problem => !Array.isArray(parsed);

export const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a parser throws in spite of all (deep nesting, for one) is a problem of the file. */
export function guarded<T>(what: string, work: () => T): T | Problem {
  try {
    return work();
  } catch (cause) {
    return { problem: `${what}: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

/** Analyzer whose fragment is the list of packages; files without packages leave nothing. */
export function textAnalyzer(spec: TextAnalyzer): Analyzer<readonly FoundPackage[]> {
  return {
    id: spec.id,
    version: spec.version,
    maxBytes: spec.maxBytes ?? DEFAULT_TEXT_BYTES,
    wants: (entry) => entry.link === undefined && spec.wants(entry.path, basename(entry.path), entry),
    analyze(file) {
      const parsed = guarded(`not readable as ${spec.id}`, () => {
        const text = structuredTextOf(file.bytes);
        if (spec.sign !== undefined) needSign(text, spec.sign);
        return spec.parse(text, file.path);
      });
      if (isProblem(parsed)) return parsed;
      return parsed.length === 0 ? undefined : { value: parsed };
    },
    assemble: (found) => assembleFound(found, spec.type, spec.purl),
  };
}
