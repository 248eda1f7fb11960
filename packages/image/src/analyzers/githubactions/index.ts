// GitHub Actions used by workflows and by composite actions.

import type { Analyzer } from '../../analyzer.ts';
import { type FoundPackage, slashedPackageUrl } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parseWorkflow } from './parse-workflow.ts';

export const githubActionsAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'githubactions',
  version: 2,
  type: 'githubactions',
  maxBytes: 4 * 1024 * 1024,
  wants: (path) =>
    path.includes('/.github/') &&
    (/\/\.github\/workflows\/[^/]+\.ya?ml$/.test(path) ||
      /\/\.github\/actions\/.+\/action\.ya?ml$/.test(path)) &&
    !isWithinInstalled(path),
  parse: parseWorkflow,
  purl: ({ name, version }) => slashedPackageUrl('githubactions', name, version),
});
