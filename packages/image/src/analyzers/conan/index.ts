// C and C++ packages of Conan.

import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { packageUrl } from '../package-url.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parseConanfile, parseConanLock } from './parse-conan.ts';

export const conanAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'conan',
  version: 2,
  type: 'conan',
  wants: (path, name) => (name === 'conan.lock' || name === 'conanfile.txt') && !isWithinInstalled(path),
  parse: (text, path) => (path.endsWith('.txt') ? parseConanfile(text) : parseConanLock(text)),
  purl: ({ name, version }) => packageUrl({ type: 'conan', name, version }),
});
