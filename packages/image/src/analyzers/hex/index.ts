// Elixir and Erlang packages of mix.lock.

import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { packageUrl } from '../package-url.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parseMixLock } from './parse-mix-lock.ts';

export const hexAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'hex',
  version: 3,
  type: 'hex',
  wants: (path, name) => name === 'mix.lock' && !isWithinInstalled(path),
  sign: /^%\{/m,
  parse: parseMixLock,
  purl: ({ name, version }) => packageUrl({ type: 'hex', name: name.toLowerCase(), version }),
});
