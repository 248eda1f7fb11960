// .NET packages of lock files, published programs and central version files.
import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
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
  version: 1,
  type: 'nuget',
  wants: (_path, name) =>
    /^(?:packages\.lock\.json|.+\.deps\.json|packages\.config|(?:Directory\.)?Packages\.props)$/i.test(name),
  parse: parseByName,
  purl: ({ name, version }) => packageUrl({ type: 'nuget', name, version }),
});
