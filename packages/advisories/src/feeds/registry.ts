// Every feed there is: the one table that building, downloading and the list of licences are made from.
import type { FeedSpec } from '../feed.ts';
import { eachRecord } from '../feed.ts';
import { parseAmazonUpdate } from './amazon/index.ts';
import { parseChainguardAdvisories } from './chainguard-advisories/index.ts';
import { parseDebianTracker } from './debian/index.ts';
import { debianDsaReader } from './debian-dsa/index.ts';
import { parseEpssLine } from './epss/index.ts';
import { parseKev } from './kev/index.ts';
import { parseNodeCore } from './node-core/index.ts';
import { parseNodewg } from './npm-nodewg/index.ts';
import { parseNvd } from './nvd/index.ts';
import { OSV_FEEDS } from './osv/feeds.ts';
import { OVAL_ELEMENTS, ovalReader } from './oval/index.ts';
import { parsePhpAdvisory } from './php-advisories/index.ts';
import { parseProjectKb } from './project-kb/index.ts';
import { parseRedhatVex } from './redhat-vex/index.ts';
import { parseRetirejs } from './retirejs/index.ts';
import { parseRubysec } from './rubysec/index.ts';
import { parseSecdb } from './secdb/index.ts';
import { parseVulnrichment } from './vulnrichment/index.ts';

const GITHUB = 'https://github.com';

function archive(repository: string, branch: string): string {
  return `${GITHUB}/${repository}/archive/refs/heads/${branch}.zip`;
}

const ALPINE_RELEASES = Array.from({ length: 20 }, (_, at) => `v3.${at + 3}`);

function nvdYears(): readonly string[] {
  const last = new Date().getUTCFullYear();
  return Array.from(
    { length: last - 2001 },
    (_, at) => `https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-${2002 + at}.json.gz`,
  );
}

const json = { as: 'json' } as const;
const lines = { as: 'lines' } as const;

const DISTRIBUTIONS: readonly FeedSpec[] = [
  {
    name: 'debian',
    title: 'Debian security tracker',
    licence: 'none stated (facts)',
    home: 'https://security-tracker.debian.org',
    ships: false,
    urls: ['https://security-tracker.debian.org/tracker/data/json'],
    decoding: json,
    rank: 20,
    reader: eachRecord(parseDebianTracker),
  },
  {
    name: 'debian-dsa-dla',
    title: 'Debian advisories (DSA, DLA)',
    licence: 'none stated (facts)',
    home: 'https://salsa.debian.org/security-tracker-team/security-tracker',
    ships: false,
    urls: ['DSA', 'DLA'].map(
      (kind) =>
        `https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/${kind}/list`,
    ),
    decoding: lines,
    rank: 30,
    reader: debianDsaReader,
  },
  {
    name: 'alpine-secdb',
    title: 'Alpine secdb',
    licence: 'none stated (facts)',
    home: 'https://secdb.alpinelinux.org',
    ships: false,
    urls: [...ALPINE_RELEASES, 'edge'].flatMap((release) =>
      ['main', 'community'].map(
        (repository) => `https://secdb.alpinelinux.org/${release}/${repository}.json`,
      ),
    ),
    decoding: json,
    rank: 20,
    reader: eachRecord((value) => parseSecdb(value, undefined)),
  },
  {
    name: 'wolfi-secdb',
    title: 'Wolfi secdb',
    licence: 'Apache-2.0',
    home: 'https://packages.wolfi.dev',
    ships: false,
    urls: ['https://packages.wolfi.dev/os/security.json'],
    decoding: json,
    rank: 20,
    reader: eachRecord((value) => parseSecdb(value, 'Wolfi')),
  },
  {
    name: 'chainguard-secdb',
    title: 'Chainguard secdb',
    licence: 'Chainguard terms',
    home: 'https://packages.cgr.dev',
    ships: false,
    urls: ['https://packages.cgr.dev/chainguard/security.json'],
    decoding: json,
    rank: 20,
    reader: eachRecord((value) => parseSecdb(value, 'Chainguard')),
  },
  {
    name: 'wolfi-advisories',
    title: 'Wolfi advisories with reasons',
    licence: 'Apache-2.0',
    home: `${GITHUB}/wolfi-dev/advisories`,
    ships: true,
    urls: [archive('wolfi-dev/advisories', 'main')],
    decoding: json,
    rank: 20,
    reader: eachRecord((value) => parseChainguardAdvisories(value, 'Wolfi')),
  },
  {
    name: 'redhat-vex',
    title: 'Red Hat CSAF VEX',
    licence: 'CC-BY-4.0',
    home: 'https://security.access.redhat.com/data/csaf/v2/vex',
    ships: false,
    urls: ['https://security.access.redhat.com/data/csaf/v2/vex-feed/archive_latest.txt'],
    decoding: json,
    rank: 10,
    reader: eachRecord(parseRedhatVex),
  },
  {
    name: 'suse-oval',
    title: 'SUSE OVAL',
    licence: 'CC-BY-4.0',
    home: 'https://ftp.suse.com/pub/projects/security/oval',
    ships: false,
    urls: ['suse.linux.enterprise.server.15', 'suse.linux.enterprise.server.12', 'opensuse.leap.15.6'].map(
      (name) => `https://ftp.suse.com/pub/projects/security/oval/${name}.xml.bz2`,
    ),
    decoding: { as: 'xml', elements: OVAL_ELEMENTS },
    rank: 20,
    reader: ovalReader,
  },
  {
    name: 'oracle-oval',
    title: 'Oracle Linux OVAL',
    licence: 'Oracle terms',
    home: 'https://linux.oracle.com/security/oval',
    ships: false,
    urls: ['https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2'],
    decoding: { as: 'xml', elements: OVAL_ELEMENTS },
    rank: 20,
    reader: ovalReader,
  },
  {
    name: 'amazon',
    title: 'Amazon Linux advisories (updateinfo)',
    licence: 'Amazon terms',
    home: 'https://alas.aws.amazon.com',
    ships: false,
    urls: [
      'https://cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list',
      'https://cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list',
    ],
    decoding: { as: 'xml', elements: ['update'] },
    rank: 20,
    reader: eachRecord(parseAmazonUpdate),
  },
];

const LANGUAGES: readonly FeedSpec[] = [
  {
    name: 'rubysec-gems',
    title: 'Ruby Advisory Database',
    licence: 'mixed (ids and ranges are facts)',
    home: `${GITHUB}/rubysec/ruby-advisory-db`,
    ships: false,
    urls: [archive('rubysec/ruby-advisory-db', 'master')],
    decoding: json,
    rank: 40,
    reader: eachRecord(parseRubysec),
  },
  {
    name: 'php-advisories',
    title: 'FriendsOfPHP security advisories',
    licence: 'Unlicense',
    home: `${GITHUB}/FriendsOfPHP/security-advisories`,
    ships: true,
    urls: [archive('FriendsOfPHP/security-advisories', 'master')],
    decoding: json,
    rank: 40,
    reader: eachRecord(parsePhpAdvisory),
  },
  {
    name: 'npm-nodewg',
    title: 'Node.js ecosystem advisories on npm packages',
    licence: 'MIT',
    home: `${GITHUB}/nodejs/security-wg`,
    ships: true,
    urls: [],
    decoding: json,
    rank: 40,
    reader: eachRecord(parseNodewg),
  },
  {
    name: 'node-core',
    title: 'Vulnerabilities of Node.js',
    licence: 'MIT',
    home: `${GITHUB}/nodejs/security-wg`,
    ships: true,
    urls: ['https://raw.githubusercontent.com/nodejs/security-wg/main/vuln/core/index.json'],
    decoding: json,
    rank: 30,
    reader: eachRecord(parseNodeCore),
  },
  {
    name: 'retirejs',
    title: 'retire.js',
    licence: 'Apache-2.0',
    home: `${GITHUB}/RetireJS/retire.js`,
    ships: true,
    urls: ['https://raw.githubusercontent.com/RetireJS/retire.js/master/repository/jsrepository-v4.json'],
    decoding: json,
    rank: 50,
    reader: eachRecord(parseRetirejs),
  },
  {
    name: 'maven-projectkb',
    title: 'project-kb (Maven)',
    licence: 'Apache-2.0',
    home: `${GITHUB}/SAP/project-kb`,
    ships: true,
    urls: [archive('SAP/project-kb', 'vulnerability-data')],
    decoding: json,
    rank: 50,
    reader: eachRecord(parseProjectKb),
  },
];

const ENRICHMENT: readonly FeedSpec[] = [
  {
    name: 'nvd',
    title: 'National Vulnerability Database (enrichment only)',
    licence: 'public domain',
    home: 'https://nvd.nist.gov',
    ships: false,
    urls: nvdYears(),
    decoding: json,
    rank: 0,
    reader: eachRecord(parseNvd),
  },
  {
    name: 'kev',
    title: 'CISA known exploited vulnerabilities',
    licence: 'CC0-1.0',
    home: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
    ships: true,
    urls: ['https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json'],
    decoding: json,
    rank: 90,
    reader: eachRecord(parseKev),
  },
  {
    name: 'vulnrichment-slim',
    title: 'CISA vulnrichment (SSVC, CVSS)',
    licence: 'CC0-1.0',
    home: `${GITHUB}/cisagov/vulnrichment`,
    ships: true,
    urls: [archive('cisagov/vulnrichment', 'develop')],
    decoding: json,
    rank: 5,
    reader: eachRecord(parseVulnrichment),
  },
  {
    name: 'epss',
    title: 'EPSS',
    licence: 'free use with attribution (FIRST)',
    home: 'https://www.first.org/epss',
    ships: false,
    urls: ['https://epss.cyentia.com/epss_scores-current.csv.gz'],
    decoding: lines,
    rank: 90,
    reader: eachRecord(parseEpssLine),
  },
];

export const FEEDS: readonly FeedSpec[] = [...DISTRIBUTIONS, ...OSV_FEEDS, ...LANGUAGES, ...ENRICHMENT];

/** The feed that a file belongs to by its name: the longest feed name that it begins with. */
export function feedOfFile(fileName: string): FeedSpec | undefined {
  const stem = fileName.toLowerCase();
  return FEEDS.filter(
    ({ name }) => stem === name || (stem.startsWith(name) && /[.@]/.test(stem[name.length] ?? '')),
  )
    .sort((a, b) => b.name.length - a.name.length)
    .at(0);
}
