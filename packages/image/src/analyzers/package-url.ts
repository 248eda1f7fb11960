// Package URLs as the purl specification writes them.

export interface PackageUrlParts {
  readonly type: string;
  /** Segments joined with `/`; empty where the type has none. */
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  /** Those that are undefined or empty are left out. */
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
  readonly subpath?: string;
}

/** `encodeURIComponent` keeps these, the specification does not. Lone surrogates cannot be encoded. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');

const encodePath = (path: string): string =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map(encode)
    .join('/');

/** `pkg:type/namespace/name@version?qualifiers#subpath`. Case rules of a type are up to the caller. */
export function packageUrl(parts: PackageUrlParts): string {
  const namespace = encodePath(parts.namespace ?? '');
  const version = parts.version ? `@${encode(parts.version)}` : '';
  const pairs = Object.entries(parts.qualifiers ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) => (value ? [`${key}=${encode(value)}`] : []));
  const qualifiers = pairs.length > 0 ? `?${pairs.join('&')}` : '';
  const subpath = parts.subpath ? `#${encodePath(parts.subpath)}` : '';
  return `pkg:${parts.type}/${namespace === '' ? '' : `${namespace}/`}${encode(parts.name)}${version}${qualifiers}${subpath}`;
}
