// The analyzer of Python packages: requirements, lock files, installed wheels and eggs.

import type { AnalyzedFile, Analyzer } from '../../analyzer.ts';
import { isCondaLock, parseCondaLock } from '../conda/parse-conda.ts';
import { isEnvironmentFile, parseEnvironment } from '../conda/parse-environment.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { assembleListings, type ListedPackage, type PackageListing } from '../language-package.ts';
import { decoded, structuredTextOf } from '../untyped.ts';
import { parsePipfileLock, parsePoetryOrPdmLock, parsePylock, parseUvLock } from './locks.ts';
import { isInstalledMetadata, parseMetadata } from './metadata.ts';
import { normalizedName } from './name.ts';
import { isRequirementsFile, parseRequirements } from './requirements.ts';

const LOCKS: ReadonlyMap<string, (text: string) => ListedPackage[]> = new Map([
  ['poetry.lock', parsePoetryOrPdmLock],
  ['pdm.lock', parsePoetryOrPdmLock],
  ['uv.lock', parseUvLock],
  ['pylock.toml', parsePylock],
  ['Pipfile.lock', parsePipfileLock],
]);

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** All files of interest end with one of these: most paths are done with at once. */
const ENDINGS = [
  '/METADATA',
  '/PKG-INFO',
  '.egg-info',
  '.lock',
  '.toml',
  '.txt',
  '.pip',
  '.yml',
  '.yaml',
] as const;

/** `pylock.NAME.toml` is a lock for one purpose. */
function lockParser(path: string): ((text: string) => ListedPackage[]) | undefined {
  const name = fileName(path);
  const known = LOCKS.get(name);
  if (known !== undefined) return known;
  if (/^pylock\.[^.]+\.toml$/.test(name)) return parsePylock;
  // What conda leaves to pip.
  if (isCondaLock(name)) return pipOfLock;
  if (isEnvironmentFile(name)) return (text) => parseRequirements(parseEnvironment(text).pip, path);
  return isRequirementsFile(path) ? (text) => parseRequirements(text, path) : undefined;
}

function pipOfLock(text: string): ListedPackage[] {
  return parseCondaLock(text, 'pip').map((one) => ({ ...one, name: normalizedName(one.name) }));
}

function parserOf(path: string): ((text: string) => ListedPackage[]) | undefined {
  if (!ENDINGS.some((ending) => path.endsWith(ending))) return undefined;
  if (!isInstalledMetadata(path)) return isWithinInstalled(path) ? undefined : lockParser(path);
  return (text) => {
    const installed = parseMetadata(text);
    return installed === undefined ? [] : [installed];
  };
}

function analyze(file: AnalyzedFile): { value: PackageListing } | { problem: string } | undefined {
  const parser = parserOf(file.path);
  if (parser === undefined) return undefined;
  const result = decoded(fileName(file.path), () => parser(structuredTextOf(file.bytes)));
  if ('problem' in result) return result;
  if (result.value.length === 0) return undefined;
  const evidence = isInstalledMetadata(file.path) ? 'installed' : 'lock';
  return { value: { evidence, packages: result.value } };
}

export const pypiAnalyzer: Analyzer<PackageListing> = {
  id: 'pypi',
  version: 5,
  maxBytes: 16 * 1024 * 1024,
  wants: (entry) => entry.link === undefined && parserOf(entry.path) !== undefined,
  analyze,
  assemble: (found) => assembleListings('pypi', found),
};
