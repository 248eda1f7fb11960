// Publishers of OSV records: one entry each.
import type { FeedSpec } from '../../feed.ts';
import { eachRecord, NOTHING_PARSED } from '../../feed.ts';
import { isCve } from '../../identifiers.ts';
import { objectOf, word, words } from '../../loose.ts';
import { parseOsv } from './index.ts';

const BUCKET = 'https://osv-vulnerabilities.storage.googleapis.com';

interface Row {
  readonly name: string;
  readonly title: string;
  /** Name of the folder in OSV's public dumps; or a whole address. */
  readonly from: string;
  readonly licence: string;
  readonly home?: string;
  readonly ships?: boolean;
  readonly shipsOnly?: RegExp;
}

const ROWS: readonly Row[] = [
  {
    name: 'osv-go',
    title: 'Go vulnerability database (with symbols)',
    from: 'https://vuln.go.dev/vulndb.zip',
    licence: 'CC-BY-4.0',
    home: 'https://vuln.go.dev',
    ships: true,
  },
  {
    name: 'osv-crates',
    title: 'RustSec',
    from: 'crates.io',
    licence: 'CC0-1.0, CC-BY-4.0',
    home: 'https://rustsec.org',
    ships: true,
  },
  {
    name: 'osv-pypi',
    title: 'PyPI',
    from: 'PyPI',
    licence: 'CC-BY-4.0',
    home: 'https://github.com/pypa/advisory-database',
    ships: true,
  },
  {
    name: 'osv-bitnami',
    title: 'Bitnami (applications)',
    from: 'Bitnami',
    licence: 'Apache-2.0',
    home: 'https://github.com/bitnami/vulndb',
    ships: true,
  },
  {
    name: 'osv-almalinux',
    title: 'AlmaLinux',
    from: 'AlmaLinux',
    licence: 'MIT',
    home: 'https://errata.almalinux.org',
    ships: true,
  },
  {
    name: 'osv-k8s',
    title: 'Kubernetes',
    from: '',
    licence: 'Apache-2.0',
    home: 'https://kubernetes.io',
    ships: true,
  },
  { name: 'osv-npm', title: 'npm (GitHub advisories)', from: 'npm', licence: 'CC-BY-4.0' },
  { name: 'osv-ghsa-go', title: 'Go (GitHub advisories)', from: 'Go', licence: 'CC-BY-4.0' },
  { name: 'osv-maven', title: 'Maven (GitHub advisories)', from: 'Maven', licence: 'CC-BY-4.0' },
  { name: 'osv-rubygems', title: 'RubyGems', from: 'RubyGems', licence: 'CC-BY-4.0' },
  { name: 'osv-nuget', title: 'NuGet', from: 'NuGet', licence: 'CC-BY-4.0' },
  { name: 'osv-packagist', title: 'Packagist', from: 'Packagist', licence: 'CC-BY-4.0' },
  { name: 'osv-hex', title: 'Hex', from: 'Hex', licence: 'CC-BY-4.0' },
  { name: 'osv-pub', title: 'Pub', from: 'Pub', licence: 'CC-BY-4.0' },
  { name: 'osv-actions', title: 'GitHub Actions', from: 'GitHub Actions', licence: 'CC-BY-4.0' },
  { name: 'osv-swift', title: 'Swift packages', from: 'SwiftURL', licence: 'CC-BY-4.0' },
  {
    name: 'osv-ubuntu',
    title: 'Ubuntu',
    from: 'https://security-metadata.canonical.com/osv/osv-all.tar.xz',
    licence: 'CC-BY-SA-4.0',
  },
  { name: 'osv-rocky', title: 'Rocky Linux', from: 'Rocky Linux', licence: 'BSD-3-Clause' },
  { name: 'osv-azure', title: 'Azure Linux', from: 'Azure Linux', licence: 'MIT' },
  {
    name: 'osv-mixed-cassettes',
    title: 'GitHub advisories and others (selection)',
    from: '',
    licence: 'CC-BY-4.0',
    ships: true,
    shipsOnly: /^(?:GHSA|GO|RUSTSEC|PYSEC)-/,
  },
  { name: 'osv', title: 'OSV records from files', from: '', licence: 'as published' },
];

/** Made-up records of test suites are no advisories. */
const PUBLISHERS =
  /^(?:CVE-\d{4}-\d{4,}|GHSA|GO|RUSTSEC|PYSEC|DSA|DLA|UBUNTU|AL[SBE]A|RL[SBE]A|RH[SBE]A|MAL|BIT|USN|SUSE|openSUSE|AZL|EEF|ELSA|ALAS|DEBIAN|ALPINE|CGA|DRUPAL|TEMP)/;

function address(from: string): readonly string[] {
  if (from === '') return [];
  return [from.startsWith('https:') ? from : `${BUCKET}/${encodeURIComponent(from)}/all.zip`];
}

function spec(row: Row): FeedSpec {
  return {
    name: row.name,
    title: row.title,
    licence: row.licence,
    home: row.home ?? 'https://osv.dev',
    ships: row.ships ?? false,
    ...(row.shipsOnly === undefined ? {} : { shipsOnly: row.shipsOnly }),
    urls: address(row.from),
    decoding: { as: 'json' },
    rank: 25,
    reader: eachRecord((value, path) => {
      const record = objectOf(value);
      // Indexes lie beside the records in some dumps; a time stamp is the first line of another.
      if (/^(?:index\/|.*\/index\/)/.test(path) || 'k8s-vulndb' in record) return { affected: [], facts: [] };
      const id = word(record['id']);
      // Bug fixes and enhancements of distributions, unless they fix a vulnerability on the way.
      if (/^(?:AL|RL|RH)[BE]A-/.test(id) && !words(record['related']).some(isCve)) return NOTHING_PARSED;
      if (id !== '' && !PUBLISHERS.test(id)) return { affected: [], facts: [], skipped: 'unknown publisher' };
      return parseOsv(value, row.name);
    }),
  };
}

export const OSV_FEEDS: readonly FeedSpec[] = ROWS.map(spec);
