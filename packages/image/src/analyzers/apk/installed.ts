// Reads apk's database of installed packages: one letter, a colon and a value on each line.
import { isSetting, type ShippedSetting } from '../system-packages.ts';

/** One installed package; plain data. */
export interface ApkPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** Package that it was built as a part of (`o:`). */
  readonly origin: string;
  readonly license: string;
  readonly maintainer: string;
  readonly url: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly settings?: readonly ShippedSetting[];
}

const IDLE_FOLDERS = /^\/usr\/share\/(?:doc|man|info|locale|zoneinfo|icons|fonts)\//;
const MAX_TEXT = 512;
const SHA256_BYTES = 32;

/**
 * `Q1` and the SHA-1 of the content in base64, `Q2` and its SHA-256; older databases have the MD5 in hex. Packages of the
 * third format, marked `f:S`, have the first 160 bits of the SHA-256 after `Q1`.
 */
function digestOf(checksum: string, flags: string): string | undefined {
  if (/^[0-9a-f]{32}$/.test(checksum)) return `md5:${checksum}`;
  const base64 = /^Q[12]([A-Za-z0-9+/]{27}(?:[A-Za-z0-9+/]{16})?=)$/.exec(checksum)?.[1];
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  const short = flags.includes('S') ? 'sha256-160' : 'sha1';
  return `${bytes.length === SHA256_BYTES ? 'sha256' : short}:${bytes.toString('hex')}`;
}

function finish(
  fields: ReadonlyMap<string, string>,
  files: readonly string[],
  settings: readonly ShippedSetting[],
): ApkPackage | undefined {
  const name = fields.get('P') ?? '';
  const version = fields.get('V') ?? '';
  if (name === '' || version === '' || name.length > MAX_TEXT || version.length > MAX_TEXT) return undefined;
  return {
    name,
    version,
    arch: fields.get('A') ?? '',
    origin: fields.get('o') ?? '',
    license: fields.get('L') ?? '',
    maintainer: fields.get('m') ?? '',
    url: fields.get('U') ?? '',
    files,
    ...(settings.length === 0 ? {} : { settings }),
  };
}

/**
 * Packages of `/lib/apk/db/installed`. `onBroken` is called for each entry without usable name or version; lines that
 * are no field are passed over. Takes time linear in the text.
 */
export function parseInstalled(text: string, onBroken: () => void = () => undefined): ApkPackage[] {
  const packages: ApkPackage[] = [];
  let fields = new Map<string, string>();
  let files: string[] = [];
  let settings: ShippedSetting[] = [];
  let last = '';
  let folder = '';
  let isEmpty = true;
  const close = (): void => {
    const made = finish(fields, files, settings);
    if (made !== undefined) packages.push(made);
    else if (!isEmpty) onBroken();
    fields = new Map();
    files = [];
    settings = [];
    last = '';
    folder = '';
    isEmpty = true;
  };
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') {
      close();
      continue;
    }
    // A second `P:` without a blank line in between is a new package, not a change of the first.
    if (line.startsWith('P:') && fields.has('P')) close();
    isEmpty = false;
    if (line[1] !== ':') continue;
    const key = line[0] ?? '';
    const value = line.slice(2).trim();
    if (key === 'F') {
      folder = value;
      last = '';
    } else if (key === 'R') {
      last = folder === '' ? `/${value}` : `/${folder}/${value}`;
      if (!IDLE_FOLDERS.test(last)) files.push(last);
    } else if (key === 'Z') {
      const digest = isSetting(last) ? digestOf(value, fields.get('f') ?? '') : undefined;
      if (digest !== undefined) settings.push([last, digest]);
    } else if (!fields.has(key)) fields.set(key, value.slice(0, 4096));
  }
  close();
  return packages;
}
