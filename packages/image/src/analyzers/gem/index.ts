// The analyzer of Ruby gems: Gemfile.lock and installed specifications.
import type { AnalyzedFile, Analyzer } from '../../analyzer.ts';
import { assembleListings, type PackageListing } from '../language-package.ts';
import { textOf } from '../untyped.ts';
import { parseGemfileLock } from './gemfile-lock.ts';
import { parseGemspec } from './gemspec.ts';

const isLock = (path: string): boolean => path.endsWith('/Gemfile.lock') || path.endsWith('/gems.locked');
/** `specifications/default` holds the gems that come with Ruby itself. */
const SPECIFICATION = /\/specifications\/(?:default\/)?[^/]+\.gemspec$/;
/** Lock files within installed gems are their authors'. */
const WITHIN_GEM = /\/gems\/[^/]+-\d[^/]*\//;

function analyze(file: AnalyzedFile): { value: PackageListing } | undefined {
  const text = textOf(file.bytes);
  if (file.path.endsWith('.gemspec')) {
    const gem = parseGemspec(text, file.path);
    return gem === undefined ? undefined : { value: { evidence: 'installed', packages: [gem] } };
  }
  const packages = parseGemfileLock(text);
  return packages.length === 0 ? undefined : { value: { evidence: 'lock', packages } };
}

export const gemAnalyzer: Analyzer<PackageListing> = {
  id: 'gem',
  version: 1,
  maxBytes: 16 * 1024 * 1024,
  wants: ({ link, path }) =>
    link === undefined &&
    (path.endsWith('.gemspec') ? SPECIFICATION.test(path) : isLock(path) && !WITHIN_GEM.test(path)),
  analyze,
  assemble: (found) => assembleListings('gem', found),
};
