// Dart and Flutter packages of pubspec.lock.

import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { packageUrl } from '../package-url.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parsePubspecLock } from './parse-pubspec-lock.ts';

export const pubAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'pub',
  version: 3,
  type: 'pub',
  wants: (path, name) => name === 'pubspec.lock' && !isWithinInstalled(path),
  sign: /^packages:/m,
  parse: parsePubspecLock,
  purl: ({ name, version }) => packageUrl({ type: 'pub', name: name.toLowerCase(), version }),
});
