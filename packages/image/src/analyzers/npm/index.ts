// The analyzer of npm packages: lock files of npm, yarn, pnpm and bun, and installed packages.

import type { AnalyzedFile, Analyzer } from '../../analyzer.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { assembleListings, type ListedPackage, type PackageListing } from '../language-package.ts';
import { decoded, structuredTextOf } from '../untyped.ts';
import { parseBunLock } from './bun-lock.ts';
import { isInstalledManifest, parseManifest } from './installed.ts';
import { parsePackageLock } from './package-lock.ts';
import { parsePnpmLock } from './pnpm-lock.ts';
import { parsePnpmYaml } from './pnpm-yaml.ts';
import { parseYarnLock } from './yarn-lock.ts';

function parseInstalled(text: string): ListedPackage[] {
  const manifest = parseManifest(JSON.parse(text));
  return manifest === undefined ? [] : [manifest];
}

const LOCKS: ReadonlyMap<string, (text: string) => ListedPackage[]> = new Map([
  ['package-lock.json', (text) => parsePackageLock(JSON.parse(text))],
  ['npm-shrinkwrap.json', (text) => parsePackageLock(JSON.parse(text))],
  ['yarn.lock', parseYarnLock],
  ['pnpm-lock.yaml', (text) => parsePnpmLock(parsePnpmYaml(text))],
  ['bun.lock', parseBunLock],
]);

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Lock files within installed packages are their authors' and say nothing of what is installed here. */
function isLock(path: string): boolean {
  // Most paths are done with at once.
  if (!path.endsWith('.json') && !path.endsWith('.lock') && !path.endsWith('.yaml')) return false;
  return LOCKS.has(fileName(path)) && !isWithinInstalled(path);
}

function analyze(file: AnalyzedFile): { value: PackageListing } | { problem: string } | undefined {
  const installed = isInstalledManifest(file.path);
  const parser = installed ? parseInstalled : LOCKS.get(fileName(file.path));
  if (parser === undefined) return undefined;
  const result = decoded(installed ? 'package.json' : fileName(file.path), () =>
    parser(structuredTextOf(file.bytes)),
  );
  if ('problem' in result) return result;
  if (result.value.length === 0) return undefined;
  return { value: { evidence: installed ? 'installed' : 'lock', packages: result.value } };
}

export const npmAnalyzer: Analyzer<PackageListing> = {
  id: 'npm',
  version: 3,
  maxBytes: 16 * 1024 * 1024,
  wants: ({ link, path }) => link === undefined && (isInstalledManifest(path) || isLock(path)),
  analyze,
  assemble: (found) => assembleListings('npm', found),
};
