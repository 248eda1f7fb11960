// Conda packages: installed ones, those of lock files and the exact ones of environment files.
import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { packageUrl } from '../package-url.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { isCondaLock, parseCondaLock, parseCondaMeta } from './parse-conda.ts';
import { isEnvironmentFile, parseEnvironment } from './parse-environment.ts';

export const condaAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'conda',
  version: 2,
  type: 'conda',
  wants: (path, name) =>
    isCondaLock(name) || isEnvironmentFile(name) || (name.endsWith('.json') && path.includes('/conda-meta/')),
  parse: (text, path) => {
    if (path.endsWith('.json')) return parseCondaMeta(text);
    return isCondaLock(path) ? parseCondaLock(text, 'conda') : parseEnvironment(text).conda;
  },
  purl: ({ name, version }) => packageUrl({ type: 'conda', name, version }),
});
