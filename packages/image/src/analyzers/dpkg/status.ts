// Reads the dpkg status database: which packages are there, from which source packages.
import { stanzas } from './control.ts';

/** One installed binary package; plain data. */
export interface DebPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly source: string;
  readonly sourceVersion: string;
  readonly section: string;
  readonly maintainer: string;
  /** `Origin` or `Vendor`, where a repository writes them. */
  readonly origin: string;
  /** Settings as the package brought them: path and MD5. */
  readonly conffiles?: readonly Conffile[];
}

export type Conffile = readonly [path: string, md5: string];

const FIELDS: ReadonlySet<string> = new Set([
  'package',
  'version',
  'architecture',
  'source',
  'status',
  'section',
  'maintainer',
  'origin',
  'vendor',
  'conffiles',
]);

/** States in which no file of the package is there. */
const ABSENT: ReadonlySet<string> = new Set(['not-installed', 'config-files']);

const PLAUSIBLE_NAME = /^[a-z0-9][a-z0-9+.-]*$/i;
const MAX_VERSION = 256;

/**
 * Name and version of the source package: `Source: foo (1.2)`, or the package itself. A rebuild (`+b1`)
 * without named source version comes from the source without that suffix.
 */
export function sourceOf(
  name: string,
  version: string,
  field: string,
): { readonly source: string; readonly sourceVersion: string } {
  const open = field.indexOf('(');
  const source = (open < 0 ? field : field.slice(0, open)).trim();
  const close = field.indexOf(')', open);
  const named = open < 0 || close < 0 ? '' : field.slice(open + 1, close).trim();
  return {
    source: source === '' ? name : source,
    sourceVersion: named === '' ? version.replace(/\+b\d+$/, '') : named,
  };
}

const MD5 = /^[0-9a-f]{32}$/;
const FLAG = /^[a-z-]+$/;

/** `Conffiles`: a path and its MD5 in each line, `obsolete` behind those that newer versions lack. */
function conffilesOf(field: string): readonly Conffile[] {
  return field.split('\n').flatMap((line): Conffile[] => {
    const words = line.split(' ');
    // The last word that may be one; words of lower case letters behind it are flags. Linear: lines may be hostile.
    const at = words.findLastIndex((word) => MD5.test(word) || !FLAG.test(word));
    const [path, md5] = [words.slice(0, at).join(' '), words[at] ?? ''];
    return path.length > 1 && path.startsWith('/') && MD5.test(md5) ? [[path, md5]] : [];
  });
}

/**
 * Installed packages of `/var/lib/dpkg/status` or of a file below `status.d` (which has no `Status` field).
 * `onBroken` is called for each stanza without usable name or version.
 */
export function parseStatus(text: string, onBroken: () => void = () => undefined): DebPackage[] {
  const packages: DebPackage[] = [];
  for (const stanza of stanzas(text, FIELDS)) {
    const name = stanza.get('package') ?? '';
    const version = stanza.get('version') ?? '';
    const state = (stanza.get('status') ?? '').split(/\s+/).at(-1) ?? '';
    if (ABSENT.has(state)) continue;
    if (!PLAUSIBLE_NAME.test(name) || version === '' || version.length > MAX_VERSION) {
      onBroken();
      continue;
    }
    const conffiles = conffilesOf(stanza.get('conffiles') ?? '');
    packages.push({
      name,
      version,
      arch: stanza.get('architecture') ?? '',
      ...sourceOf(name, version, stanza.get('source') ?? ''),
      section: stanza.get('section') ?? '',
      maintainer: stanza.get('maintainer') ?? '',
      origin: stanza.get('origin') ?? stanza.get('vendor') ?? '',
      ...(conffiles.length === 0 ? {} : { conffiles }),
    });
  }
  return packages;
}
