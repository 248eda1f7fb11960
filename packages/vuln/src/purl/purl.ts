// Package URLs (the purl specification, ECMA-427): parsing with the rules of each type, and writing the canonical form.

export interface PackageUrl {
  readonly type: string;
  /** Segments joined by `/`; empty where there is none. */
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  /** Keys lower case; values decoded; empty ones left out. */
  readonly qualifiers: Readonly<Record<string, string>>;
  readonly subpath: string;
}

const MAX_LENGTH = 4096;
/** Types whose namespace and name ignore case. */
const CASELESS: ReadonlySet<string> = new Set([
  'alpm',
  'apk',
  'bitbucket',
  'bitnami',
  'composer',
  'deb',
  'github',
  'githubactions',
  'gitlab',
  'golang',
  'hex',
  'npm',
  'pub',
  'pypi',
]);
/** Types where a namespace says whose package it is, and nothing works without. */
const NEEDS_NAMESPACE: ReadonlySet<string> = new Set(['swift', 'github', 'composer', 'cpan']);

/** Reads a package URL; undefined when it is none. Percent signs that encode nothing make it invalid. */
export function parsePurl(text: string): PackageUrl | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, rest] = /^pkg:\/*(.+)$/is.exec(text) ?? [];
  if (rest === undefined) return undefined;
  try {
    return read(rest);
  } catch (thrown) {
    // decodeURIComponent: the only thing here that throws.
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}

function read(text: string): PackageUrl | undefined {
  const [beforeHash, hash] = cutLast(text, '#');
  const [beforeQuery, query] = cutLast(beforeHash, '?');
  const slash = beforeQuery.indexOf('/');
  const type = beforeQuery.slice(0, Math.max(slash, 0)).toLowerCase();
  if (!/^[a-z][a-z0-9.-]*$/.test(type)) return undefined;
  const path = beforeQuery.slice(slash + 1).replace(/^\/+|\/+$/g, '');
  // Only an @ after the last slash parts a version: scopes of npm may stand there unencoded.
  const at = path.lastIndexOf('@');
  const hasVersion = at > path.lastIndexOf('/') && at > 0;
  const [whole, version] = hasVersion ? [path.slice(0, at), path.slice(at + 1)] : [path, ''];
  const segments = whole
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent);
  const name = segments.pop() ?? '';
  const qualifiers = readQualifiers(query);
  if (name === '' || qualifiers === undefined) return undefined;
  return normalized({
    type,
    namespace: segments.join('/'),
    name,
    version: decodeURIComponent(version),
    qualifiers,
    subpath: subpathSegments(hash).map(decodeURIComponent).join('/'),
  });
}

function cutLast(text: string, separator: string): readonly [string, string] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function readQualifiers(query: string): Readonly<Record<string, string>> | undefined {
  const found: [string, string][] = [];
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    if (pair === '') continue;
    const key = pair.slice(0, Math.max(at, 0)).toLowerCase();
    if (!/^[a-z.\-_][a-z0-9.\-_]*$/.test(key)) return undefined;
    const value = decodeURIComponent(pair.slice(at + 1));
    if (value !== '') found.push([key, value]);
  }
  const unique = new Map(found);
  return unique.size === found.length ? Object.fromEntries(unique) : undefined;
}

function subpathSegments(hash: string): readonly string[] {
  return hash.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/** The rules of the types; undefined where one is broken. */
function normalized(purl: PackageUrl): PackageUrl | undefined {
  if (NEEDS_NAMESPACE.has(purl.type) && purl.namespace === '') return undefined;
  const caseless = CASELESS.has(purl.type);
  const namespace = caseless || purl.type === 'rpm' ? purl.namespace.toLowerCase() : purl.namespace;
  const name = caseless ? purl.name.toLowerCase() : purl.name;
  return {
    ...purl,
    namespace,
    name: purl.type === 'pypi' ? name.replace(/_/g, '-') : name,
    version: purl.type === 'huggingface' ? purl.version.toLowerCase() : purl.version,
  };
}

/** Letters, digits and `-._~:` stand for themselves. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

function encodePath(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(encode)
    .join('/');
}

/**
 * The canonical text of a package URL.
 * @example formatPurl({ type: 'npm', namespace: '@babel', name: 'core', version: '7.1.0', qualifiers: {}, subpath: '' })
 * // pkg:npm/%40babel/core@7.1.0
 */
export function formatPurl(parts: Partial<PackageUrl> & Pick<PackageUrl, 'type' | 'name'>): string {
  const purl = { namespace: '', version: '', qualifiers: {}, subpath: '', ...parts };
  const { type, namespace, name, version, qualifiers, subpath } = normalized(purl) ?? purl;
  const pairs = Object.entries(qualifiers)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => [key.toLowerCase(), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `pkg:${type.toLowerCase()}/`,
    namespace === '' ? '' : `${encodePath(namespace)}/`,
    encode(name),
    version === '' ? '' : `@${encode(version)}`,
    pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`,
    subpath === '' ? '' : `#${encodePath(subpath)}`,
  ].join('');
}

/** Whether two purls name the same package: type, namespace, name, and version where both have one. */
export function samePackage(a: PackageUrl, b: PackageUrl): boolean {
  return (
    a.type === b.type &&
    a.namespace === b.namespace &&
    a.name === b.name &&
    (a.version === '' || b.version === '' || a.version === b.version)
  );
}
