// Readers of language ecosystems' feeds and of enrichment, on small records of the published shapes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEpssLine } from './epss/index.ts';
import { parseKev } from './kev/index.ts';
import { parseNodeCore } from './node-core/index.ts';
import { parseNodewg } from './npm-nodewg/index.ts';
import { parseNvd } from './nvd/index.ts';
import { canonicalEcosystem } from './osv/ecosystem.ts';
import { parseOsv } from './osv/index.ts';
import { eventIntervals } from './osv/ranges.ts';
import { parsePhpAdvisory } from './php-advisories/index.ts';
import { parseProjectKb } from './project-kb/index.ts';
import { feedOfFile } from './registry.ts';
import { parseRetirejs } from './retirejs/index.ts';
import { parseRubysec } from './rubysec/index.ts';
import { parseVulnrichment } from './vulnrichment/index.ts';

const spans = (ranges: readonly { introduced: string; fixed: string; lastAffected: string }[] | undefined) =>
  ranges?.map(
    ({ introduced, fixed, lastAffected }) => `${introduced}..${fixed}${lastAffected && `=${lastAffected}`}`,
  );

test('OSV events pair up, in order or with all beginnings first', () => {
  const pair = (...events: object[]) => spans(eventIntervals(events));
  assert.deepEqual(pair({ introduced: '0' }, { fixed: '1' }, { introduced: '2' }, { last_affected: '3' }), [
    '0..1',
    '2..=3',
  ]);
  assert.deepEqual(pair({ introduced: '0' }, { introduced: '2' }, { fixed: '1' }, { fixed: '3' }), [
    '0..1',
    '2..3',
  ]);
  assert.deepEqual(pair({ introduced: '0' }, { last_affected: '1.9' }, { fixed: '2' }), ['0..2']);
  assert.deepEqual(pair({ introduced: '0' }), ['0..']);
  assert.deepEqual(pair({ fixed: '2' }), ['0..2']);
  assert.deepEqual(pair({ introduced: '0' }, { introduced: '1' }, { fixed: '2' }), ['0..2']);
});

test('OSV ecosystems are spelled one way, and streams nobody follows by default are left out', () => {
  const spellings: Readonly<Record<string, string | undefined>> = {
    'Ubuntu:22.04:LTS': 'Ubuntu:22.04',
    'Ubuntu:Pro:18.04:LTS': 'Ubuntu Pro:18.04',
    'Red Hat:enterprise_linux:9::baseos': 'Red Hat:9',
    'Red Hat:rhel_eus:9.2::appstream': undefined,
    'SUSE:Linux Enterprise Server 15 SP5': 'SUSE:15.5',
    'SUSE:Linux Enterprise Module for Basesystem 15 SP6': 'SUSE:15.6',
    'openSUSE:Leap 15.6': 'openSUSE:15.6',
    'Debian:12': 'Debian:12',
    'Maven:https://repo.example': 'Maven',
    'OSS-Fuzz': undefined,
  };
  for (const [written, expected] of Object.entries(spellings))
    assert.equal(canonicalEcosystem(written), expected, written);
});

test('OSV ecosystems whose versions nobody can order are left out: no other order decides there', () => {
  const affected = (ecosystem: string) => ({
    package: { ecosystem, name: 'xml' },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0.0' }] }],
    versions: ['0.9'],
  });
  const parsed = parseOsv(
    {
      id: 'HSEC-2030-0001',
      aliases: ['CVE-2030-0001'],
      affected: ['Hackage', 'GHC', 'CRAN', 'Bioconductor', 'Packagist'].map(affected),
    },
    'osv',
  );
  assert.deepEqual(
    parsed.affected.map(({ ecosystem }) => ecosystem),
    ['Packagist'],
  );
  const alone = parseOsv({ id: 'RSEC-2030-1', affected: [affected('CRAN')] }, 'osv');
  assert.deepEqual(alone.affected, []);
});

test('an OSV record goes by its CVE id and keeps symbols, severity and aliases', () => {
  const { affected, facts } = parseOsv(
    {
      id: 'GO-2030-0001',
      aliases: ['GHSA-aaaa-bbbb-cccc', 'CVE-2030-0001'],
      published: '0001-01-01T00:00:00Z',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      affected: [
        {
          package: { ecosystem: 'Go', name: 'example.org/demo' },
          ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.2.0' }] }],
          ecosystem_specific: {
            imports: [{ path: 'example.org/demo/sub', symbols: ['T.Run'] }, { path: 'example.org/demo/all' }],
          },
          database_specific: { severity: 'MODERATE' },
        },
      ],
    },
    'osv-go',
  );
  assert.deepEqual(affected[0]?.vulnerabilities, ['CVE-2030-0001']);
  assert.equal(affected[0]?.advisory, 'GO-2030-0001');
  assert.equal(affected[0]?.severity, 'medium');
  assert.deepEqual(affected[0]?.symbols, ['example.org/demo/sub.T.Run', 'example.org/demo/all.*']);
  assert.equal(facts[0]?.published, '');
  assert.deepEqual(facts[0]?.aliases, ['GO-2030-0001', 'GHSA-aaaa-bbbb-cccc', 'CVE-2030-0001']);
});

test('a withdrawn OSV record accuses no package', () => {
  const { affected, facts } = parseOsv(
    {
      id: 'GHSA-aaaa-bbbb-cccc',
      withdrawn: '2030-01-01T00:00:00Z',
      affected: [{ package: { ecosystem: 'npm', name: 'demo' }, versions: ['1.0.0'] }],
    },
    'osv-npm',
  );
  assert.equal(affected.length, 0);
  assert.equal(facts[0]?.withdrawn, true);
});

test('an advisory of a distribution speaks of every vulnerability it fixes', () => {
  const { affected } = parseOsv(
    {
      id: 'ALSA-2030:0001',
      summary: 'Important: demo security update',
      related: ['CVE-2030-0001', 'CVE-2030-0002'],
      affected: [
        {
          package: { ecosystem: 'AlmaLinux:9', name: 'demo' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2-3.el9' }] }],
        },
      ],
    },
    'osv-almalinux',
  );
  assert.deepEqual(affected[0]?.vulnerabilities, ['CVE-2030-0001', 'CVE-2030-0002']);
  assert.equal(affected[0]?.severity, 'high');
  assert.equal(affected[0]?.scheme, 'rpm');
});

test("GitHub's last known affected range closes an open interval", () => {
  const record = (range: string) => ({
    id: 'GHSA-aaaa-bbbb-cccc',
    affected: [
      {
        package: { ecosystem: 'npm', name: 'demo' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
        database_specific: { last_known_affected_version_range: range },
      },
    ],
  });
  assert.deepEqual(spans(parseOsv(record('<= 1.2.3'), 'x').affected[0]?.ranges), ['0..=1.2.3']);
  assert.deepEqual(spans(parseOsv(record('< 2.0.0'), 'x').affected[0]?.ranges), ['0..2.0.0']);
});

test('RubyGems: all versions are affected that no requirement excepts', () => {
  const ranges = (more: object) =>
    spans(parseRubysec({ gem: 'demo', cve: '2030-0001', ...more }).affected[0]?.ranges);
  assert.deepEqual(ranges({ patched_versions: ['~> 1.2.3', '>= 2.0.1'] }), ['0..1.2.3', '1.3.a..2.0.1']);
  assert.deepEqual(ranges({ patched_versions: ['>= 1.5'], unaffected_versions: ['< 1.0'] }), ['1.0..1.5']);
  assert.deepEqual(ranges({}), ['0..']);
  assert.deepEqual(ranges({ patched_versions: ['~> 5.2.4, >= 5.2.4.3', '>= 6.0.3.1'] }), [
    '0..5.2.4.3',
    '5.3.a..6.0.3.1',
  ]);
  assert.deepEqual(ranges({ unaffected_versions: ['<= 0.9'], patched_versions: ['> 1.0'] }), [
    '0.9.0.1..1.0.0.1',
  ]);
  assert.equal(
    parseRubysec({ gem: 'demo', cve: '2030-0001', patched_versions: ['whatever'] }).skipped,
    'a requirement that cannot be read',
  );
});

test('Composer branches become intervals', () => {
  const { affected } = parsePhpAdvisory(
    {
      cve: null,
      reference: 'composer://Vendor/Demo',
      branches: { '1.x': { versions: ['>=1.0.0', '<1.2.3'] }, '2.x': { versions: ['<=2.0.1', '>2.0.0'] } },
      _path: 'vendor/demo/2030-01-01.yaml',
    },
    '',
  );
  assert.equal(affected[0]?.name, 'vendor/demo');
  assert.deepEqual(affected[0]?.vulnerabilities, ['FOP-vendor/demo/2030-01-01']);
  assert.deepEqual(spans(affected[0]?.ranges), ['1.0.0..1.2.3', '2.0.0.1..=2.0.1']);
});

test("npm's ranges become intervals that end where the patch begins", () => {
  const ranges = (vulnerable: string, patched: string) =>
    spans(
      parseNodewg({
        id: 1,
        module_name: 'demo',
        vulnerable_versions: vulnerable,
        patched_versions: patched,
        cves: [],
      }).affected[0]?.ranges,
    );
  assert.deepEqual(ranges('<=1.5.1', '>=1.5.2'), ['0..1.5.2']);
  assert.deepEqual(ranges('>=1.0.0 <2.0.0 || 3.x', ''), ['1.0.0..2.0.0', '3.0.0..4.0.0']);
  assert.deepEqual(ranges('>1.2.3', '<0.0.0'), ['1.2.4-0..']);
  assert.deepEqual(ranges('*', ''), ['0..']);
  assert.equal(
    parseNodewg({ id: 1, module_name: 'demo', vulnerable_versions: 'no range at all' }).skipped,
    'a range that cannot be read',
  );
  assert.equal(parseNodewg({ '1': {} }).skipped, undefined);
});

test('each vulnerable branch of Node.js ends at its own fix', () => {
  const { affected } = parseNodeCore(
    { cve: ['CVE-2030-0001'], vulnerable: '8.x || 6.x', patched: '^8.1.4 || ^6.11.1', severity: 'high' },
    '',
  );
  assert.deepEqual(spans(affected[0]?.ranges), ['8.0.0..8.1.4', '6.0.0..6.11.1']);
  assert.equal(affected[0]?.severity, 'high');
});

test('retire.js and project-kb name npm packages and Maven versions', () => {
  const retire = parseRetirejs({
    'retire-example': { vulnerabilities: [{ below: '1', identifiers: { CVE: ['CVE-2030-0009'] } }] },
    Demo: {
      npmname: 'demo',
      vulnerabilities: [
        { below: '2.0.0', atOrAbove: '1.0.0', severity: 'low', identifiers: { CVE: ['CVE-2030-0001'] } },
      ],
    },
  });
  assert.deepEqual(
    retire.affected.map(({ name, ranges }) => [name, spans(ranges)]),
    [['demo', ['1.0.0..2.0.0']]],
  );
  const kb = parseProjectKb({
    vulnerability_id: 'CVE-2030-0001',
    artifacts: [
      { id: 'pkg:maven/org.example/demo@1.0', affected: true },
      { id: 'pkg:maven/org.example/demo@1.1', affected: false },
    ],
  });
  assert.deepEqual(
    kb.affected.map(({ name, versions }) => [name, versions]),
    [['org.example:demo', ['1.0']]],
  );
});

test('a bound of retire.js that is no release is no fix', () => {
  const { affected } = parseRetirejs({
    demo: { vulnerabilities: [{ below: '2.999.999', identifiers: { CVE: ['CVE-2030-0001'] } }] },
  });
  assert.deepEqual([affected[0]?.status, spans(affected[0]?.ranges)], ['affected', ['0..=2.999.999']]);
});

test('KEV, EPSS, NVD and vulnrichment enrich', () => {
  assert.deepEqual(
    parseKev({
      vulnerabilities: [
        { cveID: 'CVE-2030-0001', dateAdded: '2030-01-01', knownRansomwareCampaignUse: 'Known' },
      ],
    }).facts[0]?.kev,
    { added: '2030-01-01', ransomware: true },
  );
  assert.deepEqual(parseEpssLine('CVE-2030-0001,0.97,0.999').facts[0]?.epss, {
    probability: 0.97,
    percentile: 0.999,
  });
  assert.equal(parseEpssLine('#model_version:v1,score_date:2030-01-01T00:00:00Z').skipped, undefined);
  assert.equal(parseEpssLine('CVE-2030-0001,7,0.1').skipped, 'a number outside 0…1');
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const nvd = parseNvd({
    vulnerabilities: [
      {
        cve: {
          id: 'CVE-2030-0001',
          descriptions: [{ lang: 'en', value: 'a flaw' }],
          metrics: {
            cvssMetricV31: [{ type: 'Primary', cvssData: { vectorString: vector, baseScore: 9.8 } }],
          },
          weaknesses: [{ description: [{ value: 'CWE-79' }, { value: 'NVD-CWE-Other' }] }],
        },
      },
    ],
  });
  assert.deepEqual(nvd.facts[0]?.cvss, [{ vector, score: 9.8, source: 'nvd' }]);
  assert.deepEqual(nvd.facts[0]?.cwe, ['CWE-79']);
  const adp = parseVulnrichment({
    cveMetadata: { cveId: 'CVE-2030-0001', state: 'PUBLISHED' },
    containers: {
      adp: [
        {
          providerMetadata: { shortName: 'CISA-ADP' },
          metrics: [
            { cvssV3_1: { vectorString: vector, baseScore: 9.8 } },
            {
              other: {
                type: 'ssvc',
                content: {
                  options: [{ Exploitation: 'poc' }, { Automatable: 'yes' }, { 'Technical Impact': 'total' }],
                },
              },
            },
          ],
        },
      ],
    },
  });
  const slim = parseVulnrichment({
    id: 'CVE-2030-0001',
    cvss: vector,
    score: 9.8,
    ssvc: { Exploitation: 'poc', Automatable: 'yes', 'Technical Impact': 'total' },
  });
  assert.deepEqual(adp.facts[0]?.ssvc, { exploitation: 'poc', automatable: 'yes', impact: 'total' });
  assert.deepEqual(slim.facts[0]?.ssvc, adp.facts[0]?.ssvc);
  assert.deepEqual(slim.facts[0]?.cvss, adp.facts[0]?.cvss);
});

test('a file belongs to the feed with the longest name that it begins with', () => {
  assert.equal(feedOfFile('debian-dsa-dla.ndjson.zst')?.name, 'debian-dsa-dla');
  assert.equal(feedOfFile('debian.json')?.name, 'debian');
  assert.equal(feedOfFile('osv-npm.zip')?.name, 'osv-npm');
  assert.equal(feedOfFile('osv.zip')?.name, 'osv');
  assert.equal(feedOfFile('unrelated.json'), undefined);
});
