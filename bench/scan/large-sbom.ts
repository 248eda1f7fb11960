// An SBOM as large as those of big monorepos, with names that the database knows and names that it does not.
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const PURL_TYPES: Readonly<Record<string, string>> = {
  npm: 'npm',
  PyPI: 'pypi',
  Go: 'golang',
  'crates.io': 'cargo',
  RubyGems: 'gem',
  Packagist: 'composer',
};
const VERSIONS = ['0.9.0', '1.0.0', '1.4.2', '2.0.0', '4.17.1', '10.2.3'];

/** Writes a CycloneDX file; every second package is one that the database has advisories for, as far as there are. */
export function writeLargeSbom(file: string, database: string, count: number): void {
  const open = new DatabaseSync(database, { readOnly: true });
  const known = open
    .prepare(
      `SELECT e.name AS ecosystem, a.name AS name FROM affected a JOIN ecosystems e ON e.id = a.ecosystem
       WHERE e.name IN (${Object.keys(PURL_TYPES)
         .map((name) => `'${name}'`)
         .join()}) ORDER BY a.name`,
    )
    .all() as { ecosystem: string; name: string }[];
  open.close();
  const components = Array.from({ length: count }, (_, i) => {
    const version = VERSIONS[i % VERSIONS.length];
    const one = i % 2 === 0 ? known[(i / 2) % known.length] : undefined;
    const round = one === undefined ? '' : '0'.repeat(Math.floor(i / 2 / known.length));
    const name = one?.name ?? `made-up-${i}`;
    const purl = `pkg:${PURL_TYPES[one?.ecosystem ?? 'npm']}/${encodeURI(name)}@${version}${round === '' ? '' : `.${round}`}`;
    return { type: 'library', name, version, purl, 'bom-ref': String(i) };
  });
  writeFileSync(file, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }));
}
