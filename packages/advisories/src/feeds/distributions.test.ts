// Readers of distributions' feeds, on small records of the published shapes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChainguardAdvisories } from './chainguard-advisories/index.ts';
import { parseDebianTracker } from './debian/index.ts';
import { debianDsaReader } from './debian-dsa/index.ts';
import { rpmModules } from './osv/modules.ts';
import { parseRedhatVex } from './redhat-vex/index.ts';
import { parseSecdb } from './secdb/index.ts';

const toFixed = (fixed: string) => [{ introduced: '0', fixed, lastAffected: '' }];

test("Debian's tracker keeps why a vulnerability is not fixed", () => {
  const release = (more: object) => ({ repositories: {}, ...more });
  const { affected, facts } = parseDebianTracker({
    demo: {
      'CVE-2030-0001': {
        description: 'a flaw',
        releases: {
          bookworm: release({ status: 'resolved', fixed_version: '1.2-3+deb12u1', urgency: 'medium' }),
          trixie: release({ status: 'resolved', fixed_version: '0', urgency: 'unimportant' }),
          bullseye: release({ status: 'open', urgency: 'low', nodsa: 'Minor issue', nodsa_reason: '' }),
          buster: release({ status: 'open', urgency: 'end-of-life' }),
        },
      },
      'CVE-2030-0002': {
        releases: {
          bookworm: release({ status: 'open', nodsa: 'x', nodsa_reason: 'ignored' }),
          trixie: release({ status: 'open', nodsa: 'x', nodsa_reason: 'postponed' }),
          bullseye: release({ status: 'undetermined' }),
          sid: release({ status: 'open', urgency: 'unimportant' }),
          unknown: release({ status: 'open' }),
        },
      },
    },
  });
  assert.deepEqual(
    affected.map((entry) => [entry.ecosystem, entry.status, entry.statusNote, entry.ranges[0]?.fixed]),
    [
      ['Debian:12', 'fixed', '', '1.2-3+deb12u1'],
      ['Debian:13', 'not-affected', 'not-affected', undefined],
      ['Debian:11', 'fix-deferred', 'no-dsa', ''],
      ['Debian:10', 'will-not-fix', 'end-of-life', ''],
      ['Debian:12', 'will-not-fix', 'ignored', ''],
      ['Debian:13', 'fix-deferred', 'postponed', ''],
      ['Debian:11', 'under-investigation', 'undetermined', ''],
      ['Debian:sid', 'affected', 'unimportant', ''],
    ],
  );
  assert.equal(affected[0]?.severity, 'medium');
  assert.equal(facts[0]?.summary, 'a flaw');
});

test("the text of Debian's advisory list and its JSON form say the same", () => {
  const text = [
    '[01 Jan 2030] DSA-9999-1 demo - security update',
    '\t{CVE-2030-0001 CVE-2030-0002}',
    '\t[bookworm] - demo 1.2-3+deb12u1',
    '\t[bullseye] - demo <not-affected>',
    '[02 Jan 2030] DLA-9998-1 other - security update',
    '\t[buster] - other 2.0-1~deb10u1',
  ];
  const reader = debianDsaReader();
  const read = [
    ...text.map((line) => reader.record(line, '')),
    reader.end?.() ?? { affected: [], facts: [] },
  ];
  const affected = read.flatMap((parsed) => [...parsed.affected]);
  assert.deepEqual(
    affected.map((entry) => [entry.advisory, entry.ecosystem, entry.vulnerabilities, entry.status]),
    [
      ['DSA-9999-1', 'Debian:12', ['CVE-2030-0001', 'CVE-2030-0002'], 'fixed'],
      ['DSA-9999-1', 'Debian:11', ['CVE-2030-0001', 'CVE-2030-0002'], 'not-affected'],
      ['DLA-9998-1', 'Debian:10', ['DLA-9998-1'], 'fixed'],
    ],
  );
  const json = debianDsaReader().record(
    {
      id: 'DSA-9999-1',
      cves: ['CVE-2030-0001', 'CVE-2030-0002'],
      fixed: [
        { release: 'bookworm', source: 'demo', version: '1.2-3+deb12u1' },
        { release: 'bullseye', source: 'demo', version: '<not-affected>' },
      ],
    },
    '',
  );
  assert.deepEqual(json.affected, affected.slice(0, 2));
});

test('secdb: version 0 is never affected, one text may hold several names', () => {
  const { affected } = parseSecdb(
    {
      distroversion: 'v3.20',
      reponame: 'main',
      packages: [
        {
          pkg: {
            name: 'demo',
            secfixes: { '1.0-r1': ['CVE-2030-0001 XSA-1', 'CVE-2030-0002 (+ fix)'], '0': ['CVE-2030-0003'] },
          },
        },
        { pkg: { name: 'empty', secfixes: { '1.0-r0': null } } },
      ],
    },
    undefined,
  );
  assert.deepEqual(
    affected.map(({ ecosystem, vulnerabilities, status, ranges }) => [
      ecosystem,
      vulnerabilities[0],
      status,
      ranges,
    ]),
    [
      ['Alpine:v3.20', 'CVE-2030-0003', 'not-affected', []],
      ['Alpine:v3.20', 'CVE-2030-0001', 'fixed', toFixed('1.0-r1')],
      ['Alpine:v3.20', 'CVE-2030-0002', 'fixed', toFixed('1.0-r1')],
    ],
  );
  assert.equal(parseSecdb({ packages: [] }, undefined).skipped, 'no release');
});

test('of the events of a Wolfi advisory the last is in force', () => {
  const event = (timestamp: string, type: string, data?: object) => ({ timestamp, type, data });
  const { affected, facts } = parseChainguardAdvisories(
    {
      package: { name: 'demo' },
      advisories: [
        {
          id: 'CGA-aaaa-bbbb-cccc',
          aliases: ['GHSA-aaaa-bbbb-cccc', 'CVE-2030-0001'],
          events: [
            event('2030-01-03T00:00:00Z', 'fixed', { 'fixed-version': '1.2-r1' }),
            event('2030-01-01T00:00:00Z', 'detection', { type: 'manual' }),
          ],
        },
        {
          id: 'CGA-dddd-bbbb-cccc',
          aliases: ['CVE-2030-0002'],
          events: [
            event('2030-01-01T00:00:00Z', 'false-positive-determination', {
              type: 'vulnerable-code-not-in-execution-path',
            }),
          ],
        },
        {
          id: 'CGA-eeee-bbbb-cccc',
          aliases: ['CVE-2030-0003'],
          events: [event('2030-01-01T00:00:00Z', 'fix-not-planned')],
        },
      ],
    },
    'Wolfi',
  );
  assert.deepEqual(
    affected.map(({ vulnerabilities, status, statusNote }) => [vulnerabilities[0], status, statusNote]),
    [
      ['CVE-2030-0001', 'fixed', ''],
      ['CVE-2030-0002', 'not-affected', 'vulnerable-code-not-in-execution-path'],
      ['CVE-2030-0003', 'will-not-fix', 'fix-not-planned'],
    ],
  );
  assert.deepEqual(facts[0]?.aliases, ['GHSA-aaaa-bbbb-cccc', 'CVE-2030-0001']);
});

test('Red Hat VEX: mainline releases only, modules noted, intentions kept', () => {
  const product = (id: string, cpe: string) => ({
    category: 'product_name',
    product: { product_id: id, product_identification_helper: { cpe } },
  });
  const rpm = (id: string, purl: string) => ({
    category: 'product_version',
    product: { product_id: id, product_identification_helper: { purl } },
  });
  const relation = (platform: string, part: string) => ({
    category: 'default_component_of',
    full_product_name: { product_id: `${platform}:${part}` },
    product_reference: part,
    relates_to_product_reference: platform,
  });
  const { affected, facts } = parseRedhatVex({
    document: { aggregate_severity: { text: 'Important' }, title: 'demo: a flaw' },
    product_tree: {
      branches: [
        {
          branches: [
            product('BaseOS-9', 'cpe:/o:redhat:enterprise_linux:9::baseos'),
            product('EUS-9.2', 'cpe:/a:redhat:rhel_eus:9.2::appstream'),
            product('rhel8', 'cpe:/o:redhat:enterprise_linux:8'),
            rpm('demo-1:1.2-3.el9.x86_64', 'pkg:rpm/redhat/demo@1.2-3.el9?arch=x86_64&epoch=1'),
            rpm('demo-1:1.2-3.el9.src', 'pkg:rpm/redhat/demo@1.2-3.el9?arch=src&epoch=1'),
            rpm('demo', 'pkg:rpm/redhat/demo?arch=src'),
            rpm('mod', 'pkg:rpm/redhat/mod@2-1.el8?arch=noarch&rpmmod=nodejs:18:8090:abc'),
          ],
        },
      ],
      relationships: [
        relation('BaseOS-9', 'demo-1:1.2-3.el9.x86_64'),
        relation('EUS-9.2', 'demo-1:1.2-3.el9.x86_64'),
        relation('rhel8', 'demo'),
        relation('rhel8', 'mod'),
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2030-0001',
        cwe: { id: 'CWE-79' },
        product_status: {
          fixed: ['BaseOS-9:demo-1:1.2-3.el9.x86_64', 'EUS-9.2:demo-1:1.2-3.el9.x86_64', 'rhel8:mod'],
          known_affected: ['rhel8:demo'],
        },
        remediations: [{ category: 'no_fix_planned', details: 'Will not fix', product_ids: ['rhel8:demo'] }],
        scores: [
          { cvss_v3: { baseScore: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' } },
        ],
      },
    ],
  });
  assert.deepEqual(
    affected.map((entry) => [
      entry.ecosystem,
      entry.name,
      entry.status,
      entry.statusNote,
      entry.ranges[0]?.fixed,
      entry.modules,
    ]),
    [
      ['Red Hat:9', 'demo', 'fixed', '', '1:1.2-3.el9', []],
      ['Red Hat:8', 'mod', 'fixed', '', '2-1.el8', ['nodejs:18']],
      ['Red Hat:8', 'demo', 'will-not-fix', 'Will not fix', '', []],
    ],
  );
  assert.equal(affected[0]?.severity, 'high');
  assert.equal(facts[0]?.cvss?.[0]?.score, 7.5);
});

test('module streams of AlmaLinux and Rocky Linux are read from the summary of builds for modules', () => {
  const modules = (summary: string, fixed: string) =>
    rpmModules(summary, [{ introduced: '0', fixed, lastAffected: '' }]);
  const build = '1:18.2-1.module_el8.9.0+1+abc';
  assert.deepEqual(modules('Important: nodejs:18 security update', build), ['nodejs:18']);
  assert.deepEqual(modules('Moderate: virt:rhel and virt-devel:rhel security update', build), [
    'virt:rhel',
    'virt-devel:rhel',
  ]);
  assert.deepEqual(modules('new module: php:7.4', build), ['php:7.4']);
  assert.equal(modules('criu bug fix and enhancement update', build), undefined);
  assert.deepEqual(modules('Important: firefox security update', '128.12.0-1.el10_0'), []);
  assert.equal(modules('anything', ''), undefined);
});

test('secdb: slips in versions are read as they were meant', () => {
  const secfixes = {
    '4.8.0.-r1': ['CVE-2030-1001'],
    '10.2.26.r0': ['CVE-2030-1002'],
    '57-1-r2': ['CVE-2030-1003'],
  };
  const { affected } = parseSecdb(
    { distroversion: 'v3.20', packages: [{ pkg: { name: 'demo', secfixes } }] },
    undefined,
  );
  assert.deepEqual(
    affected.map(({ ranges }) => ranges[0]?.fixed),
    ['4.8.0-r1', '10.2.26-r0', '57.1-r2'],
  );
});
