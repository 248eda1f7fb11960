// The analyzer of PHP packages: composer.lock and what Composer says it installed.

import type { AnalyzedFile, Analyzer } from '../../analyzer.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import {
  assembleListings,
  isPlausible,
  type ListedPackage,
  type PackageListing,
} from '../language-package.ts';
import { decoded, listOf, needMember, property, structuredTextOf, textOf } from '../untyped.ts';

const INSTALLED = '/composer/installed.json';

function licensesOf(entry: unknown): string[] {
  const license = property(entry, 'license');
  return [license, ...listOf(license)].map(textOf).filter((name) => name !== '');
}

/** Names are compared without case, so they are lower case; versions lose the `v` that tags often have. */
function listed(entry: unknown, dev: boolean): ListedPackage[] {
  const name = textOf(property(entry, 'name')).toLowerCase();
  const version = textOf(property(entry, 'version')).replace(/^v(?=\d)/, '');
  if (!isPlausible(name, version) || !name.includes('/')) return [];
  return [{ name, version, licenses: licensesOf(entry), ...(dev ? { dev: true } : {}) }];
}

/** Packages of a decoded composer.lock. @throws Error for a document of another kind */
function parseComposerLock(document: unknown): ListedPackage[] {
  needMember(document, ['packages', 'packages-dev', 'content-hash']);
  return [
    ...listOf(property(document, 'packages')).flatMap((entry) => listed(entry, false)),
    ...listOf(property(document, 'packages-dev')).flatMap((entry) => listed(entry, true)),
  ];
}

/** Packages of a decoded installed.json: a list (Composer 1) or `packages` with `dev-package-names` (2). */
function parseComposerInstalled(document: unknown): ListedPackage[] {
  const packages = Array.isArray(document) ? document : listOf(property(document, 'packages'));
  const dev = new Set(listOf(property(document, 'dev-package-names')).map(textOf));
  return packages.flatMap((entry) => listed(entry, dev.has(textOf(property(entry, 'name')))));
}

function analyze(file: AnalyzedFile): { value: PackageListing } | { problem: string } | undefined {
  const installed = file.path.endsWith(INSTALLED);
  const result = decoded(installed ? 'installed.json' : 'composer.lock', () => {
    const document: unknown = JSON.parse(structuredTextOf(file.bytes));
    return installed ? parseComposerInstalled(document) : parseComposerLock(document);
  });
  if ('problem' in result) return result;
  if (result.value.length === 0) return undefined;
  return { value: { evidence: installed ? 'installed' : 'lock', packages: result.value } };
}

export const composerAnalyzer: Analyzer<PackageListing> = {
  id: 'composer',
  version: 3,
  maxBytes: 16 * 1024 * 1024,
  wants: (entry) =>
    entry.link === undefined &&
    ((entry.path.endsWith('/composer.lock') && !isWithinInstalled(entry.path)) ||
      entry.path.endsWith(INSTALLED)),
  analyze,
  assemble: (found) => assembleListings('composer', found),
};
