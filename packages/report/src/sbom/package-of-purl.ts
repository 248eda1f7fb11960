// What a package URL says of a package (https://github.com/package-url/purl-spec): type, name as its ecosystem writes
// it, version and qualifiers.
import { PACKAGE_TYPES, type PackageType } from '@guardcell/core';

export interface PurlFacts {
  /** As written, lower case: `deb`, `oci` … */
  readonly purlType: string;
  /** Undefined for ecosystems that we do not know. */
  readonly type: PackageType | undefined;
  readonly namespace: string;
  /** `@babel/core`, `org.apache.commons:commons-text`, `github.com/x/y`. */
  readonly name: string;
  readonly version: string;
  readonly qualifiers: ReadonlyMap<string, string>;
}

const MAX_PURL = 8_192;
const SHAPE = /^pkg:\/*([a-z][a-z0-9.+-]*)\/([^?#]+)(?:\?([^#]*))?(?:#.*)?$/i;
/** Their names have the namespace in front, joined by this. */
const JOINED: Readonly<Partial<Record<string, string>>> = {
  npm: '/',
  maven: ':',
  golang: '/',
  composer: '/',
  swift: '/',
  githubactions: '/',
};

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function packageType(purlType: string): PackageType | undefined {
  if (purlType === 'generic') return 'binary';
  return PACKAGE_TYPES.find((type) => type === purlType && type !== 'binary');
}

/** Undefined when the text is no package URL. */
export function packageOfPurl(purl: string): PurlFacts | undefined {
  const match = purl.length > MAX_PURL ? null : SHAPE.exec(purl);
  if (match === null) return undefined;
  const [, rawType = '', path = '', query = ''] = match;
  // An `@` before the last slash starts a scope of npm, not a version.
  const at = path.lastIndexOf('@');
  const versioned = at > 0 && path[at - 1] !== '/';
  const segments = (versioned ? path.slice(0, at) : path)
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const last = segments.pop();
  if (last === undefined) return undefined;
  const purlType = rawType.toLowerCase();
  const namespace = segments.join('/');
  const joint = JOINED[purlType];
  const qualifiers = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [key = '', ...value] = pair.split('=');
    if (key !== '' && value.length > 0) qualifiers.set(key.toLowerCase(), decode(value.join('=')));
  }
  return {
    purlType,
    type: packageType(purlType),
    namespace,
    name: joint === undefined || namespace === '' ? last : `${namespace}${joint}${last}`,
    version: versioned ? decode(path.slice(at + 1)) : '',
    qualifiers,
  };
}
