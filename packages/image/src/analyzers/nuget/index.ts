// .NET packages of lock files, published programs and central version files.

import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { packageUrl } from '../package-url.ts';
import { basename, textAnalyzer } from '../text-analyzer.ts';
import { parseDepsJson, parsePackagesConfig, parsePackagesLock, parsePackagesProps } from './parse-nuget.ts';

function parseByName(text: string, path: string): readonly FoundPackage[] {
  const name = basename(path).toLowerCase();
  if (name.endsWith('.deps.json')) return parseDepsJson(text);
  if (name === 'packages.config') return parsePackagesConfig(text);
  return name.endsWith('.props') ? parsePackagesProps(text) : parsePackagesLock(text);
}

export const nugetAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'nuget',
  version: 2,
  type: 'nuget',
  wants: (path, name) =>
    // What a published program needs lies beside it, wherever that is.
    /^.+\.deps\.json$/i.test(name) ||
    (/^(?:packages\.lock\.json|packages\.config|(?:Directory\.)?Packages\.props)$/i.test(name) &&
      !isWithinInstalled(path)),
  parse: parseByName,
  purl: ({ name, version }) => packageUrl({ type: 'nuget', name, version }),
});
