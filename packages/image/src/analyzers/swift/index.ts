// Swift packages of Package.resolved.
import type { Analyzer } from '../../analyzer.ts';
import { type FoundPackage, slashedPackageUrl } from '../found-package.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parsePackageResolved } from './parse-package-resolved.ts';

export const swiftAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'swift',
  version: 1,
  type: 'swift',
  wants: (_path, name) => name === 'Package.resolved',
  parse: parsePackageResolved,
  purl: ({ name, version }) => slashedPackageUrl('swift', name, version),
});
