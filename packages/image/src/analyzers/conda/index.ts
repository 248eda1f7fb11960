// Conda packages, installed ones and those of lock files.
import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { packageUrl } from '../package-url.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parseCondaLock, parseCondaMeta } from './parse-conda.ts';

export const condaAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'conda',
  version: 1,
  type: 'conda',
  wants: (path, name) =>
    /(?:^|\.)conda-lock\.ya?ml$/.test(name) || (name.endsWith('.json') && path.includes('/conda-meta/')),
  parse: (text, path) => (path.endsWith('.json') ? parseCondaMeta(text) : parseCondaLock(text)),
  purl: ({ name, version }) => packageUrl({ type: 'conda', name, version }),
});
