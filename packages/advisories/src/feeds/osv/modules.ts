// Module streams of AlmaLinux and Rocky Linux: their records have them in the summary only.
import type { VersionRange } from '@guardcell/core';

const STREAM = /(?<![\w.:-])([A-Za-z0-9][\w.+-]*):([\w.+-]*\w)(?![\w:])/g;
/** `Important:` and the like before the summary proper. */
const SEVERITY = /^(?:Critical|Important|Moderate|Low): /;

const isModular = (version: string): boolean => /\.module[+_]/.test(version);

/**
 * `Important: nodejs:18 security update` → `nodejs:18`, when the fix is a build for a module; none when it is a plain
 * build; undefined when it is not said.
 */
export function rpmModules(summary: string, ranges: readonly VersionRange[]): readonly string[] | undefined {
  const fixes = ranges.map(({ fixed }) => fixed).filter((fixed) => fixed !== '');
  if (fixes.length === 0) return undefined;
  if (!fixes.some(isModular)) return [];
  const streams = [...summary.slice(0, 500).replace(SEVERITY, '').matchAll(STREAM)].map((match) => match[0]);
  return streams.length === 0 ? undefined : [...new Set(streams)];
}
