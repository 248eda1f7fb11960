// Pods of Podfile.lock.

import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { packageUrl } from '../package-url.ts';
import { textAnalyzer } from '../text-analyzer.ts';
import { parsePodfileLock } from './parse-podfile-lock.ts';

/** Subspecs are the subpath of a package URL. */
function podUrl({ name, version }: FoundPackage): string {
  const [pod = name, ...subspec] = name.split('/');
  return packageUrl({ type: 'cocoapods', name: pod, version, subpath: subspec.join('/') });
}

export const cocoapodsAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'cocoapods',
  version: 3,
  type: 'cocoapods',
  wants: (path, name) => name === 'Podfile.lock' && !isWithinInstalled(path),
  sign: /^(?:PODS|DEPENDENCIES|PODFILE CHECKSUM):/m,
  parse: parsePodfileLock,
  purl: podUrl,
});
