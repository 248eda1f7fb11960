// Reads what systems say of themselves: os-release and the older files that some have in its place.
import type { OsRelease } from '@guardcell/core';

/** Files that name a distribution; the earlier wins where several are there. */
export const RELEASE_FILES: readonly string[] = [
  '/etc/os-release',
  '/usr/lib/os-release',
  '/usr/lib/os-release.d/os-release',
  '/etc/initrd-release',
  '/etc/lsb-release',
  '/etc/alpine-release',
  '/etc/debian_version',
  '/etc/redhat-release',
  '/etc/centos-release',
  '/etc/rocky-release',
  '/etc/almalinux-release',
  '/etc/oracle-release',
  '/etc/fedora-release',
  '/etc/system-release',
  '/etc/SuSE-release',
  '/etc/photon-release',
];

const EMPTY: OsRelease = { id: '', idLike: [], versionId: '', codename: '', prettyName: '' };

/** Words of release files of the Red Hat family, most special first, with the `ID` that os-release would hold. */
const RED_HAT_NAMES: readonly (readonly [RegExp, string])[] = [
  [/rocky/i, 'rocky'],
  [/alma/i, 'almalinux'],
  [/oracle/i, 'ol'],
  [/centos/i, 'centos'],
  [/fedora/i, 'fedora'],
  [/amazon linux/i, 'amzn'],
  [/vmware photon/i, 'photon'],
  [/suse/i, 'sles'],
  [/red hat/i, 'rhel'],
];

function unquoted(value: string): string {
  const text = value.trim();
  const quote = text[0];
  if ((quote !== '"' && quote !== "'") || text.length < 2 || !text.endsWith(quote)) return text;
  const inner = text.slice(1, -1);
  return quote === '"' ? inner.replace(/\\(["$`\\])/g, '$1') : inner;
}

/** `KEY=value` lines with shell quotes; comments and what is not an assignment are passed over. */
function assignments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const cut = line.indexOf('=');
    const key = line.slice(0, cut).trim();
    if (cut > 0 && /^[A-Z][A-Z0-9_]{0,63}$/.test(key)) values.set(key, unquoted(line.slice(cut + 1)));
  }
  return values;
}

function fromOsRelease(text: string): OsRelease | undefined {
  const values = assignments(text);
  const id = (values.get('ID') ?? '').toLowerCase();
  if (id === '') return undefined;
  const pretty = values.get('PRETTY_NAME') ?? values.get('NAME') ?? id;
  return {
    id,
    idLike: (values.get('ID_LIKE') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    versionId: values.get('VERSION_ID') ?? '',
    codename: values.get('VERSION_CODENAME') ?? values.get('UBUNTU_CODENAME') ?? '',
    prettyName: pretty,
  };
}

function fromLsbRelease(text: string): OsRelease | undefined {
  const values = assignments(text);
  const id = (values.get('DISTRIB_ID') ?? '').toLowerCase();
  if (id === '') return undefined;
  return {
    ...EMPTY,
    id,
    versionId: values.get('DISTRIB_RELEASE') ?? '',
    codename: values.get('DISTRIB_CODENAME') ?? '',
    prettyName: values.get('DISTRIB_DESCRIPTION') ?? id,
  };
}

function fromDebianVersion(text: string): OsRelease | undefined {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (line === '' || line.length > 100) return undefined;
  const version = /^\d+(\.\d+)*$/.test(line) ? (line.split('.', 1)[0] ?? '') : '';
  const codename = version === '' ? (line.split('/', 1)[0] ?? '') : '';
  return { ...EMPTY, id: 'debian', versionId: version, codename, prettyName: `Debian GNU/Linux ${line}` };
}

function fromAlpineRelease(text: string): OsRelease | undefined {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (line === '' || line.length > 100) return undefined;
  return { ...EMPTY, id: 'alpine', versionId: line, prettyName: `Alpine Linux v${line}` };
}

function fromReleaseSentence(text: string): OsRelease | undefined {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  const id = RED_HAT_NAMES.find(([name]) => name.test(line))?.[1];
  if (id === undefined || line.length > 200) return undefined;
  const versionId = /\d+(?:\.\d+)*/.exec(line)?.[0] ?? '';
  const codename = /\(([^()]+)\)/.exec(line)?.[1] ?? '';
  return { ...EMPTY, id, versionId, codename, prettyName: line };
}

/** What one of `RELEASE_FILES` says; undefined when it names no distribution. */
export function parseRelease(path: string, text: string): OsRelease | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'os-release' || name === 'initrd-release') return fromOsRelease(text);
  if (name === 'lsb-release') return fromLsbRelease(text);
  if (name === 'debian_version') return fromDebianVersion(text);
  if (name === 'alpine-release') return fromAlpineRelease(text);
  return fromReleaseSentence(text);
}

/** The one that counts: by the order of `RELEASE_FILES`, with gaps closed by the others that agree on `id`. */
export function chooseRelease(
  candidates: readonly { readonly path: string; readonly release: OsRelease }[],
): OsRelease | undefined {
  const rank = (path: string): number => RELEASE_FILES.indexOf(path);
  const ordered = candidates.toSorted((a, b) => rank(a.path) - rank(b.path)).map((entry) => entry.release);
  const best = ordered[0];
  if (best === undefined) return undefined;
  const same = ordered.filter((release) => release.id === best.id);
  const first = (pick: (release: OsRelease) => string): string => same.map(pick).find(Boolean) ?? '';
  return {
    ...best,
    // Debian testing has no VERSION_ID, and its debian_version no number either: it stays empty then.
    versionId: first((release) => release.versionId),
    codename: first((release) => release.codename),
  };
}
