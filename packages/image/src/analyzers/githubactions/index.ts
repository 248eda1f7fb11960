// GitHub Actions used by workflows and by composite actions.
import type { Analyzer } from '../../analyzer.ts';
import { type FoundPackage, slashedPackageUrl } from '../found-package.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parseWorkflow } from './parse-workflow.ts';

export const githubActionsAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'githubactions',
  version: 1,
  type: 'githubactions',
  maxBytes: 4 * 1024 * 1024,
  wants: (path) =>
    /\/\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || /\/\.github\/actions\/.+\/action\.ya?ml$/.test(path),
  parse: parseWorkflow,
  purl: ({ name, version }) => slashedPackageUrl('githubactions', name, version),
});
