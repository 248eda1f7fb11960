// Reads the metadata of an installed Python package (wheel or egg): headers as in mail, then a description.
import { isPlausible, type ListedPackage } from '../language-package.ts';
import { normalizedName } from './name.ts';

const INSTALLED =
  /(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO|\/EGG-INFO\/PKG-INFO|\/(?:site|dist)-packages\/[^/]+\.egg-info)$/;

/** Headers come first; longer ones are not read. */
const MAX_HEADERS = 256 * 1024;

/** True for the files in which installers keep metadata. */
export function isInstalledMetadata(path: string): boolean {
  return INSTALLED.test(path);
}

/** The best that is declared: an SPDX expression, else a short `License`, else the classifiers. */
function licensesOf(headers: ReadonlyMap<string, readonly string[]>): string[] {
  const expression = headers.get('license-expression')?.[0] ?? '';
  if (expression !== '') return [expression];
  const license = headers.get('license')?.[0] ?? '';
  if (license !== '' && license !== 'UNKNOWN' && license.length <= 100) return [license];
  return (headers.get('classifier') ?? []).flatMap((classifier) => {
    const parts = classifier.split(' :: ');
    const last = parts.at(-1) ?? '';
    return parts[0] === 'License' && parts.length > 1 && last !== 'OSI Approved' ? [last] : [];
  });
}

/** The package that the metadata names; undefined without name or version. */
export function parseMetadata(text: string): ListedPackage | undefined {
  const headers = new Map<string, string[]>();
  for (const raw of text.slice(0, MAX_HEADERS).split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') break;
    const cut = line.indexOf(':');
    // Indented lines continue the header before; of a licence text only its first line counts.
    if (cut <= 0 || line.startsWith(' ') || line.startsWith('\t')) continue;
    const name = line.slice(0, cut).toLowerCase();
    const values = headers.get(name) ?? [];
    values.push(line.slice(cut + 1).trim());
    headers.set(name, values);
  }
  const name = normalizedName(headers.get('name')?.[0] ?? '');
  const version = headers.get('version')?.[0] ?? '';
  return isPlausible(name, version) ? { name, version, licenses: licensesOf(headers) } : undefined;
}
