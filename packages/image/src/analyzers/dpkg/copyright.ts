// Licences of a Debian package from its machine-readable copyright file (DEP-5).
import { stanzas } from './control.ts';

const FIELDS: ReadonlySet<string> = new Set(['format', 'license', 'files']);

/** Short names that Debian writes otherwise than SPDX does. */
const SPDX_NAMES: ReadonlyMap<string, string> = new Map([
  ['expat', 'MIT'],
  ['gpl-1', 'GPL-1.0-only'],
  ['gpl-1+', 'GPL-1.0-or-later'],
  ['gpl-2', 'GPL-2.0-only'],
  ['gpl-2.0', 'GPL-2.0-only'],
  ['gpl-2+', 'GPL-2.0-or-later'],
  ['gpl-2.0+', 'GPL-2.0-or-later'],
  ['gpl-3', 'GPL-3.0-only'],
  ['gpl-3.0', 'GPL-3.0-only'],
  ['gpl-3+', 'GPL-3.0-or-later'],
  ['gpl-3.0+', 'GPL-3.0-or-later'],
  ['lgpl-2', 'LGPL-2.0-only'],
  ['lgpl-2+', 'LGPL-2.0-or-later'],
  ['lgpl-2.0+', 'LGPL-2.0-or-later'],
  ['lgpl-2.1', 'LGPL-2.1-only'],
  ['lgpl-2.1+', 'LGPL-2.1-or-later'],
  ['lgpl-3', 'LGPL-3.0-only'],
  ['lgpl-3+', 'LGPL-3.0-or-later'],
  ['agpl-3', 'AGPL-3.0-only'],
  ['agpl-3+', 'AGPL-3.0-or-later'],
  ['bsd-2-clause', 'BSD-2-Clause'],
  ['bsd-3-clause', 'BSD-3-Clause'],
  ['bsd-4-clause', 'BSD-4-Clause'],
  ['isc', 'ISC'],
  ['zlib', 'Zlib'],
  ['apache-2', 'Apache-2.0'],
  ['apache-2.0', 'Apache-2.0'],
  ['artistic', 'Artistic-1.0-Perl'],
  ['artistic-2', 'Artistic-2.0'],
  ['artistic-2.0', 'Artistic-2.0'],
  ['mpl-1.1', 'MPL-1.1'],
  ['mpl-2', 'MPL-2.0'],
  ['mpl-2.0', 'MPL-2.0'],
  ['cc0', 'CC0-1.0'],
  ['cc0-1.0', 'CC0-1.0'],
  ['gfdl-1.3', 'GFDL-1.3-only'],
  ['gfdl-1.3+', 'GFDL-1.3-or-later'],
  ['psf-2', 'PSF-2.0'],
  ['openssl', 'OpenSSL'],
]);

const MAX_LICENSES = 40;

/**
 * Licence names of the `Files` stanzas, each once, in SPDX's spelling where Debian's is another. `or` and `and`
 * are kept as SPDX operators. None for files that are not machine-readable: their text is not guessed at.
 */
export function parseCopyright(text: string): string[] {
  const found = new Set<string>();
  let first = true;
  for (const stanza of stanzas(text, FIELDS)) {
    if (first && !stanza.has('format')) return [];
    first = false;
    if (!stanza.has('files')) continue;
    const line = (stanza.get('license') ?? '').split('\n', 1)[0]?.trim() ?? '';
    if (line === '' || line.length > 200) continue;
    const words = line.split(/\s+/).map((word) => {
      const name = word.replace(/,$/, '');
      if (/^(?:or|and|with)$/i.test(name)) return name.toUpperCase();
      return SPDX_NAMES.get(name.toLowerCase()) ?? name;
    });
    found.add(words.join(' '));
    if (found.size >= MAX_LICENSES) break;
  }
  return [...found];
}
