// Says which Maven artifacts a jar is, from what builds leave in it. Without evidence nothing is claimed.
import type { FoundPackage } from '../found-package.ts';
import { basename } from '../text-analyzer.ts';
import { knownGroup } from './known-groups.ts';

export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

const TOKEN = /^[A-Za-z0-9_][\w.-]{0,199}$/;
const VERSION = /^\d[\w.+-]{0,99}$/;
/** `3.x` names a branch, no version. */
const BRANCH = /(?:^|\.)[xX*](?:\.|$)/;

/** Placeholders that a build did not fill (`${project.version}`) and blanks are no coordinates. */
export function validCoordinates(c: Coordinates): boolean {
  return TOKEN.test(c.group) && TOKEN.test(c.artifact) && /^[\w.+-]{1,100}$/.test(c.version);
}

interface NamedFile {
  readonly artifact: string;
  readonly version: string;
}

/** Builds of one version that go by another file name; `31.1-jre` and `1.0-SNAPSHOT` are versions. */
const CLASSIFIER =
  /-(?:all|exec|fat|javadoc|jar-with-dependencies|shaded|shadow|sources|standalone|tests?|test-sources|uber)$/;

/** `log4j-core-2.14.1.jar`: what follows the first dash before a digit is the version, without a classifier. */
export function splitFileName(path: string): NamedFile {
  const stem = basename(path)
    .replace(/\.[A-Za-z]{2,4}$/, '')
    .replace(CLASSIFIER, '');
  const cut = stem.search(/-\d/);
  if (cut <= 0) return { artifact: stem, version: '' };
  return { artifact: stem.slice(0, cut), version: stem.slice(cut + 1) };
}

/** `org.apache.logging.log4j.core` is `log4j-core` of `org.apache.logging.log4j`; `a.b.c-d` is `c-d` of `a.b`. */
function groupOfBundle(symbolicName: string, artifact: string): string {
  const name = symbolicName.split(';', 1)[0]?.trim() ?? '';
  const cut = name.lastIndexOf('.');
  const group = name.slice(0, Math.max(cut, 0));
  const last = name.slice(cut + 1);
  if (group === '') return '';
  // `org.objenesis` is both group and artifact; no group has one segment only.
  if (!group.includes('.')) return last === artifact ? name : '';
  return last === artifact || `${basename(group.replaceAll('.', '/'))}-${last}` === artifact ? group : '';
}

function groupOf(headers: ReadonlyMap<string, string>, artifact: string): string {
  const known = knownGroup(artifact);
  if (known !== '') return known;
  return groupOfBundle(headers.get('bundle-symbolicname') ?? '', artifact);
}

function groupOfVendor(headers: ReadonlyMap<string, string>): string {
  const vendor = headers.get('implementation-vendor-id') ?? '';
  return /^[a-z][\w-]*(?:\.[\w-]+){1,10}$/i.test(vendor) ? vendor : '';
}

/**
 * The file name has the version that was published; Implementation-Version may carry build numbers or be forgotten
 * (dom4j 1.1 calls itself 1.2). OSGi versions are written differently from those of Maven and come last.
 */
function versionOf(headers: ReadonlyMap<string, string>, named: NamedFile): string {
  const stated = [headers.get('implementation-version'), headers.get('bundle-version')];
  // `log4j-1.2-1.2.17.jar`: a number of the name comes before the version, which the manifest has too.
  const ending = stated.find((version) => version !== undefined && named.version.endsWith(`-${version}`));
  const candidates = [ending, named.version, ...stated];
  return (
    candidates.find((version) => version !== undefined && VERSION.test(version) && !BRANCH.test(version)) ??
    ''
  );
}

/** Headers in which builds write the artifact's own name. */
const TITLES = ['implementation-title', 'extension-name', 'bundle-name'] as const;

/**
 * Distributions put the branch into file names: `spring3-core`, `commons-collections3`, `tomcat9-catalina`. The
 * manifest has the name as it was published; it counts when it is the same without those digits.
 */
function artifactOf(headers: ReadonlyMap<string, string>, artifact: string): string {
  if (knownGroup(artifact) !== '') return artifact;
  const plain = artifact.replace(/(?<=[a-z])\d+(?=-|$)/g, '');
  if (plain === artifact) return artifact;
  return TITLES.some((title) => headers.get(title) === plain) ? plain : artifact;
}

const nameOf = ({ group, artifact }: Coordinates): string =>
  group === '' ? artifact : `${group}:${artifact}`;

/** From manifest and file name; nothing when there is no version. Without a group the name is the artifact alone. */
export function identifyByManifest(
  path: string,
  headers: ReadonlyMap<string, string>,
): readonly FoundPackage[] {
  const named = splitFileName(path);
  const version = versionOf(headers, named);
  const artifact = artifactOf(headers, named.artifact);
  if (version === '' || !TOKEN.test(artifact)) return [];
  const group = groupOf(headers, artifact) || groupOfVendor(headers);
  return [
    {
      name: nameOf({ group, artifact, version }),
      version,
      licenses: licensesOf(headers),
    },
  ];
}

/** `Bundle-License` has identifiers or addresses, with attributes after semicolons. */
function licensesOf(headers: ReadonlyMap<string, string>): readonly string[] {
  return (headers.get('bundle-license') ?? '')
    .split(',')
    .map((item) => (item.split(';', 1)[0] ?? '').trim().replace(/^"(.*)"$/, '$1'))
    .filter((item) => item !== '' && item.length <= 200);
}

/**
 * Shaded jars may hold the files of what they took in and none of their own: then manifest and file name say the
 * rest, where the group is known.
 */
export function identifyShaded(
  path: string,
  headers: ReadonlyMap<string, string>,
  byMaven: readonly FoundPackage[],
): readonly FoundPackage[] {
  const { artifact } = splitFileName(path);
  if (byMaven.some(({ name }) => name.endsWith(`:${artifact}`))) return [];
  // The manifest may be that of anything taken in: its vendor says nothing of the file's name.
  if (groupOf(headers, artifact) === '') return [];
  return identifyByManifest(path, headers);
}

/** From Maven's own files in the jar; shaded jars have many. */
export function identifyByMaven(
  all: readonly Coordinates[],
  headers: ReadonlyMap<string, string>,
): readonly FoundPackage[] {
  const valid = all.filter(validCoordinates);
  const unique = new Map(valid.map((c) => [`${nameOf(c)} ${c.version}`, c]));
  const licenses = unique.size === 1 ? licensesOf(headers) : [];
  return [...unique.values()].map((c) => ({ name: nameOf(c), version: c.version, licenses }));
}
