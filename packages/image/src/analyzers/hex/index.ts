// Elixir and Erlang packages of mix.lock.
import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { packageUrl } from '../package-url.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parseMixLock } from './parse-mix-lock.ts';

export const hexAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'hex',
  version: 1,
  type: 'hex',
  wants: (_path, name) => name === 'mix.lock',
  parse: parseMixLock,
  purl: ({ name, version }) => packageUrl({ type: 'hex', name: name.toLowerCase(), version }),
});
