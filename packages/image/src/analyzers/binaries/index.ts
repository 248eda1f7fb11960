// Well-known programs that no package manager installed, known by the version texts in them.
// Findings are for programs called like the original and bearing its text; nothing is guessed from hashes or names alone.
// Programs written in Go are not here: their build information tells the analyzer of Go more.
import type { Analysis, Analyzer, FileEntry } from '../../analyzer.ts';
import { type FileContent, heldContent } from '../../content/file-content.ts';
import { MAX_EXECUTABLE_BYTES, readExecutable, wantsExecutable } from '../executable/read-executable.ts';
import { assembleFound, type FoundPackage } from '../found-package.ts';
import { packageUrl } from '../package-url.ts';
import { basename } from '../text-analyzer.ts';
import { decodedText } from '../untyped.ts';
import { findVersions, hasPattern } from './find-version.ts';
import { parseJavaRelease } from './parse-java-release.ts';

const isRelease = (entry: FileEntry): boolean =>
  basename(entry.path) === 'release' && entry.size > 0 && entry.size < 64 * 1024 && entry.link === undefined;

/** Shared libraries carry no executable bit in many distributions. */
const isLibrary = (entry: FileEntry): boolean =>
  entry.link === undefined &&
  entry.size >= 4096 &&
  entry.path.includes('.so') &&
  /\.so(?:\.[\d.]+)?$/.test(entry.path);

function packagesOf(content: FileContent, name: string): readonly FoundPackage[] {
  // `isRelease` has seen to its size.
  if (name === 'release') return parseJavaRelease(decodedText(content.read(0, content.size)));
  return readExecutable(content) === undefined ? [] : findVersions(content, name);
}

function look({ path }: FileEntry, content: FileContent): Analysis<readonly FoundPackage[]> {
  const value = packagesOf(content, basename(path));
  return value.length === 0 ? undefined : { value };
}

export const binariesAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'binaries',
  version: 3,
  maxBytes: MAX_EXECUTABLE_BYTES,
  wants(entry) {
    const name = basename(entry.path);
    if (name === 'release') return isRelease(entry);
    // Most files are neither, and names cost more to look at than modes.
    if (!isLibrary(entry) && !wantsExecutable(entry)) return false;
    return hasPattern(name);
  },
  analyze: (file) => look(file, heldContent(file.bytes)),
  analyzeStored: (file) => look(file, file.content),
  assemble: (found) =>
    assembleFound(found, 'binary', ({ name, version }) => packageUrl({ type: 'generic', name, version })),
};
