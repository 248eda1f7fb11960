// The analyzer of files by which a system names itself.
import type { OsRelease } from '@guardcell/core';
import type { AnalyzedFile, Analyzer, AnalyzerResult, FoundFragment } from '../../analyzer.ts';
import { decodedText } from '../untyped.ts';
import { chooseRelease, parseRelease, RELEASE_FILES } from './parse.ts';

/** Where all systems of today have theirs; links from here are followed. */
export const RELEASE_PLACES: readonly string[] = ['/etc/os-release', '/usr/lib/os-release'];

const WANTED: ReadonlySet<string> = new Set(RELEASE_FILES);

/** True for a file (not a link) that `readRelease` understands; package analyzers ask for them as well. */
export function isReleaseFile(path: string): boolean {
  return WANTED.has(path);
}

/** The release that a wanted file names. */
export function readRelease(file: AnalyzedFile): OsRelease | undefined {
  return parseRelease(file.path, decodedText(file.bytes));
}

/** The release that all found files together name. */
export function releaseOf(found: readonly FoundFragment<OsRelease>[]): OsRelease | undefined {
  return chooseRelease(found.map(({ location, value }) => ({ path: location.path, release: value })));
}

export const osReleaseAnalyzer: Analyzer<OsRelease> = {
  id: 'os-release',
  version: 1,
  maxBytes: 64 * 1024,
  places: RELEASE_PLACES,
  wants: (entry) => entry.link === undefined && isReleaseFile(entry.path),
  analyze: (file) => {
    const value = readRelease(file);
    return value === undefined ? undefined : { value };
  },
  assemble: (found): AnalyzerResult => {
    const os = releaseOf(found);
    return os === undefined ? { packages: [] } : { packages: [], os };
  },
};
