// Java packages that builds declare: pom.xml, Gradle and sbt lock files. Jars are read by the analyzer `jar`.

import type { Analyzer } from '../../analyzer.ts';
import type { FoundPackage } from '../found-package.ts';
import { isWithinInstalled } from '../installed-tree.ts';
import { validCoordinates } from '../jar/identify-jar.ts';
import { packageUrl } from '../package-url.ts';
import { basename, textAnalyzer } from '../text-analyzer.ts';
import { parseGradleLock, parseSbtLock } from './parse-locks.ts';
import { parsePom } from './parse-pom.ts';

const NAMES: ReadonlySet<string> = new Set([
  'pom.xml',
  'gradle.lockfile',
  'buildscript-gradle.lockfile',
  'build.sbt.lock',
]);

/** Direct dependencies whose version the file itself says; ranges are no version. */
function parsePomFile(text: string): readonly FoundPackage[] {
  return parsePom(text)
    .dependencies.filter(validCoordinates)
    .map(({ group, artifact, version, scope }) => ({
      name: `${group}:${artifact}`,
      version,
      direct: true,
      ...(scope === 'test' ? { dev: true } : {}),
    }));
}

function parseByName(text: string, path: string): readonly FoundPackage[] {
  switch (basename(path)) {
    case 'pom.xml':
      return parsePomFile(text);
    case 'build.sbt.lock':
      return parseSbtLock(text);
    default:
      return parseGradleLock(text, basename(path).startsWith('buildscript'));
  }
}

/** `group:artifact`; the group is the namespace. */
export function mavenUrl({ name, version }: FoundPackage): string {
  const cut = name.indexOf(':');
  return packageUrl({
    type: 'maven',
    namespace: name.slice(0, Math.max(cut, 0)),
    name: name.slice(cut + 1),
    version,
  });
}

export const mavenAnalyzer: Analyzer<readonly FoundPackage[]> = textAnalyzer({
  id: 'maven',
  version: 2,
  type: 'maven',
  maxBytes: 8 * 1024 * 1024,
  // Local repositories hold the pom of every artifact ever asked for.
  wants: (path, name) => NAMES.has(name) && !path.includes('/.m2/') && !isWithinInstalled(path),
  parse: parseByName,
  purl: mavenUrl,
});
