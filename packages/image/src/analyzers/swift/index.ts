// Swift packages of Package.resolved.

import type { Analyzer } from '../../analyzer.ts';
import { type FoundPackage, slashedPackageUrl } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parsePackageResolved } from './parse-package-resolved.ts';

export const swiftAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'swift',
  version: 2,
  type: 'swift',
  wants: (path, name) => name === 'Package.resolved' && !isWithinInstalled(path),
  parse: parsePackageResolved,
  purl: ({ name, version }) => slashedPackageUrl('swift', name, version),
});
