// The analyzer of Ruby gems: Gemfile.lock and installed specifications.

import type { AnalyzedFile, Analyzer } from '../../analyzer.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { assembleListings, type PackageListing } from '../language-package.ts';
import { decoded, decodedText } from '../untyped.ts';
import { parseGemfileLock } from './gemfile-lock.ts';
import { parseGemspec } from './gemspec.ts';

const isLock = (path: string): boolean => path.endsWith('/Gemfile.lock') || path.endsWith('/gems.locked');
/** `specifications/default` holds the gems that come with Ruby itself. */
const SPECIFICATION = /\/specifications\/(?:default\/)?[^/]+\.gemspec$/;

function analyze(file: AnalyzedFile): { value: PackageListing } | { problem: string } | undefined {
  const text = decodedText(file.bytes);
  if (file.path.endsWith('.gemspec')) {
    const gem = parseGemspec(text, file.path);
    return gem === undefined ? undefined : { value: { evidence: 'installed', packages: [gem] } };
  }
  const result = decoded('Gemfile.lock', () => parseGemfileLock(text));
  if ('problem' in result) return result;
  return result.value.length === 0 ? undefined : { value: { evidence: 'lock', packages: result.value } };
}

export const gemAnalyzer: Analyzer<PackageListing> = {
  id: 'gem',
  version: 3,
  maxBytes: 16 * 1024 * 1024,
  wants: ({ link, path }) =>
    link === undefined &&
    (path.endsWith('.gemspec') ? SPECIFICATION.test(path) : isLock(path) && !isWithinInstalled(path)),
  analyze,
  assemble: (found) => assembleListings('gem', found),
};
