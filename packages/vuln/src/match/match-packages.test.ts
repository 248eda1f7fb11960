// Matching on small made-up data: who judges what, and what a finding says.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OsRelease, SoftwarePackage } from '@guardcell/core';
import { affected, facts, memorySource, range } from '../testing/memory-source.ts';
import { fixPlan } from './fix-plan.ts';
import { matchPackages } from './match-packages.ts';

const DEBIAN: OsRelease = {
  id: 'debian',
  idLike: [],
  versionId: '12',
  codename: 'bookworm',
  prettyName: 'Debian 12',
};

function pkg(
  part: Partial<SoftwarePackage> & Pick<SoftwarePackage, 'name' | 'version' | 'type'>,
): SoftwarePackage {
  return { purl: `pkg:${part.type}/${part.name}@${part.version}`, locations: [], licenses: [], ...part };
}

const LIBSSL = pkg({
  name: 'libssl3',
  version: '3.0.11-1~deb12u2+b1',
  type: 'deb',
  source: { name: 'openssl', version: '3.0.11-1~deb12u2' },
});
const OPENSSL = affected({
  vulnerability: 'CVE-2024-0001',
  advisory: 'DSA-1-1',
  feed: 'debian',
  ecosystem: 'Debian:12',
  name: 'openssl',
  ranges: [range('0', '3.0.13-1~deb12u1')],
  status: 'fixed',
});

test('a binary package is judged by its source package, and the finding says how', () => {
  const [finding, ...others] = matchPackages([LIBSSL], DEBIAN, memorySource([OPENSSL])).findings;
  assert.equal(others.length, 0);
  assert.deepEqual(finding?.explain, {
    feed: 'debian',
    advisory: 'DSA-1-1',
    ecosystem: 'Debian:12',
    matchedName: 'openssl',
    range: '< 3.0.13-1~deb12u1',
    comparison: '3.0.11-1~deb12u2 < 3.0.13-1~deb12u1 (deb)',
  });
  assert.equal(finding.fixed, '3.0.13-1~deb12u1');
  assert.equal(finding.status, 'fixed');
  assert.equal(finding.installed, '3.0.11-1~deb12u2+b1');
});

test('a package that has the fix, or comes from another repository, has no finding', () => {
  const source = memorySource([OPENSSL]);
  const fixed = { ...LIBSSL, source: { name: 'openssl', version: '3.0.13-1~deb12u1' } };
  assert.equal(matchPackages([fixed], DEBIAN, source).findings.length, 0);
  const foreign = matchPackages([{ ...LIBSSL, thirdParty: 'deb.example.org' }], DEBIAN, source);
  assert.equal(foreign.findings.length, 0);
  assert.equal(foreign.unjudged.thirdParty, 1);
  assert.deepEqual(
    foreign.warnings.map(({ code, level }) => [code, level]),
    [['GC_PACKAGES_THIRD_PARTY', 'note']],
  );
});

test('a release without entries judges nothing and says so', () => {
  const result = matchPackages([LIBSSL], { ...DEBIAN, versionId: '13' }, memorySource([OPENSSL]));
  assert.equal(result.findings.length, 0);
  assert.deepEqual(
    result.warnings.map(({ code, level }) => [code, level]),
    [['GC_OS_NO_ADVISORIES', undefined]],
  );
  // Without packages there is nothing to judge, and nothing to fail for.
  const empty = matchPackages([], { ...DEBIAN, versionId: '13' }, memorySource([OPENSSL]));
  assert.deepEqual(
    empty.warnings.map(({ code, level }) => [code, level]),
    [['GC_OS_NO_ADVISORIES', 'note']],
  );
});

test('a release past its end of life is warned about from the day after', () => {
  const source = memorySource([affected({ ...OPENSSL, ecosystem: 'Debian:10' })]);
  const buster = { ...DEBIAN, versionId: '10' };
  const codes = (today: string) =>
    matchPackages([], buster, source, { today }).warnings.map(({ code }) => code);
  assert.deepEqual(codes('2024-06-30T12:00:00Z'), []);
  assert.deepEqual(codes('2024-07-01'), ['GC_OS_END_OF_LIFE']);
});

test('files owned by a system package are reported for it alone', () => {
  const python = pkg({ name: 'Requests', version: '2.0.0', type: 'pypi', ownedBy: LIBSSL.purl });
  const entry = affected({
    vulnerability: 'CVE-2023-1',
    ecosystem: 'PyPI',
    name: 'requests',
    ranges: [range('0', '2.1')],
  });
  const source = memorySource([OPENSSL, entry]);
  const together = matchPackages([LIBSSL, python], DEBIAN, source);
  assert.deepEqual(
    together.findings.map(({ id }) => id),
    ['CVE-2024-0001'],
  );
  assert.equal(together.unjudged.owned, 1);
  // Nor by the language's own advisories where the distribution's are missing: it fixes without raising versions.
  const alone = matchPackages([LIBSSL, python], DEBIAN, memorySource([entry]));
  assert.deepEqual(alone.findings, []);
  assert.deepEqual(
    alone.warnings.map(({ code }) => code),
    ['GC_OS_NO_ADVISORIES'],
  );
  // From another repository nobody judges the owner: then the language's advisories must.
  const foreign = { ...LIBSSL, thirdParty: 'deb.example.org' };
  assert.deepEqual(
    matchPackages([foreign, python], DEBIAN, source).findings.map(({ id }) => id),
    ['CVE-2023-1'],
  );
});

test('ids of one vulnerability become one finding under the CVE', () => {
  const lib = pkg({ name: 'example.org/lib', version: 'v1.2.3', type: 'golang' });
  const entry = { ecosystem: 'Go', name: 'example.org/lib', ranges: [range('0', '1.2.5')] } as const;
  const known = facts({ id: 'CVE-2024-9', aliases: ['GHSA-aaaa', 'GO-2024-1'], summary: 'It breaks.' });
  const source = memorySource(
    [
      affected({ ...entry, vulnerability: 'GO-2024-1', feed: 'osv-go' }),
      affected({ ...entry, vulnerability: 'GHSA-aaaa', feed: 'ghsa', ranges: [range('1.0.0', '1.2.7')] }),
    ],
    [known],
  );
  const { findings } = matchPackages([lib], undefined, source);
  assert.equal(findings.length, 1);
  assert.equal(findings[0]?.id, 'CVE-2024-9');
  assert.deepEqual(findings[0].aliases, ['GHSA-aaaa', 'GO-2024-1']);
  assert.equal(findings[0].fixed, 'v1.2.7', 'at 1.2.5 the other feed still calls it affected');
  assert.equal(findings[0].summary, 'It breaks.');
});

test('the range that is shown is the one that the fixed version ends', () => {
  const entry = { ecosystem: 'npm', name: 'x', vulnerability: 'CVE-2024-9', feed: 'f' } as const;
  const source = memorySource([
    affected({ ...entry, advisory: 'A-1', ranges: [range('0', '1.2.5')] }),
    affected({ ...entry, advisory: 'A-2', ranges: [range('1.0.0', '1.3.0')] }),
  ]);
  const { findings } = matchPackages([pkg({ name: 'x', version: '1.2.3', type: 'npm' })], undefined, source);
  assert.deepEqual(
    findings.map(({ fixed, explain }) => [fixed, explain.advisory, explain.range, explain.comparison]),
    [['1.3.0', 'A-2', '>= 1.0.0, < 1.3.0', '1.2.3 < 1.3.0 (npm)']],
  );
});

test('the fixed version is the lowest one above the installed one, in its own branch', () => {
  const entry = affected({
    vulnerability: 'CVE-1',
    ecosystem: 'npm',
    name: 'x',
    ranges: [range('1.0.0', '1.4.9'), range('2.0.0', '2.3.1'), range('3.0.0', '', '3.9.0')],
  });
  const fixed = (version: string) =>
    matchPackages([pkg({ name: 'x', version, type: 'npm' })], undefined, memorySource([entry])).findings.map(
      (finding) => finding.fixed,
    );
  assert.deepEqual(fixed('1.2.0'), ['1.4.9']);
  assert.deepEqual(fixed('2.0.0'), ['2.3.1']);
  assert.deepEqual(fixed('3.1.0'), ['']);
  assert.deepEqual(fixed('2.3.1'), []);
  assert.deepEqual(fixed('0.9.0'), []);
});

test('what the feed says of missing fixes is kept', () => {
  const statusOf = (status: 'will-not-fix' | 'fix-deferred' | 'under-investigation' | 'affected') =>
    matchPackages([LIBSSL], DEBIAN, memorySource([{ ...OPENSSL, ranges: [range('0', '')], status }]))
      .findings[0]?.status;
  for (const status of ['will-not-fix', 'fix-deferred', 'under-investigation', 'affected'] as const)
    assert.equal(statusOf(status), status);
});

test('not affected, withdrawn and unreadable entries make no finding', () => {
  const none = (source: ReturnType<typeof memorySource>) => matchPackages([LIBSSL], DEBIAN, source);
  const cleared = affected({ ...OPENSSL, feed: 'vex', ranges: [], status: 'not-affected' });
  assert.equal(none(memorySource([OPENSSL, cleared])).findings.length, 0);
  const withdrawn = facts({ id: 'CVE-2024-0001', withdrawn: true });
  assert.equal(none(memorySource([OPENSSL], [withdrawn])).findings.length, 0);
  const broken = none(memorySource([{ ...OPENSSL, ranges: [range('0', 'soon')] }]));
  assert.equal(broken.findings.length, 0);
  assert.equal(broken.unjudged.unreadable, 1);
});

test('packages of which nothing runs keep their findings as information', () => {
  const headers = { ...LIBSSL, inert: true };
  const known = facts({
    id: 'CVE-2024-0001',
    cvss: [{ vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 0, source: 'test' }],
  });
  const [finding] = matchPackages([headers], DEBIAN, memorySource([OPENSSL], [known])).findings;
  assert.equal(finding?.severity, 'info');
  assert.equal(finding.cvss, 9.8);
  assert.ok(finding.score <= 5);
  assert.match(finding.explain.comparison, /nothing of the package runs/);
  assert.ok(finding.factors.some(({ effect }) => effect < 0));
});

test('Go functions demote a finding only when both sides name them', () => {
  const entry = affected({
    vulnerability: 'GO-1',
    ecosystem: 'Go',
    name: 'golang.org/x/net',
    ranges: [range('0', '0.17.0')],
    symbols: ['golang.org/x/net/http2.Server.ServeConn'],
  });
  const severity = (symbols: readonly string[] | undefined) => {
    const lib = pkg({
      name: 'golang.org/x/net',
      version: 'v0.10.0',
      type: 'golang',
      ...(symbols && { symbols }),
    });
    return matchPackages([lib], undefined, memorySource([entry])).findings[0]?.severity;
  };
  assert.equal(severity(undefined), 'medium');
  assert.equal(severity(['golang.org/x/net/http2.(*Server).ServeConn']), 'medium');
  assert.equal(severity(['golang.org/x/net/html.Parse']), 'info');
});

test('a module stream of RPM packages is judged by its own fixes only', () => {
  const os: OsRelease = {
    id: 'almalinux',
    idLike: [],
    versionId: '8.9',
    codename: '',
    prettyName: 'AlmaLinux 8.9',
  };
  const entry = affected({
    vulnerability: 'CVE-2024-2',
    ecosystem: 'AlmaLinux:8',
    name: 'nodejs',
    ranges: [range('0', '1:20.11.1-1.module_el8.9.0+1')],
  });
  const count = (version: string) =>
    matchPackages([pkg({ name: 'nodejs', version, type: 'rpm' })], os, memorySource([entry])).findings.length;
  assert.equal(count('1:20.9.0-1.module_el8.9.0+1'), 1);
  assert.equal(count('1:18.18.2-1.module_el8.9.0+1'), 0);
  assert.equal(count('1:20.9.0-1.el8'), 0);
});

describe('the stream that a package is labelled with', () => {
  const os: OsRelease = { id: 'rhel', idLike: [], versionId: '8.9', codename: '', prettyName: '' };
  const entry = (vulnerability: string, fixed: string, modules?: readonly string[]) =>
    affected({
      vulnerability,
      ecosystem: 'Red Hat:8',
      name: 'npm',
      ranges: [range('0', fixed)],
      ...(modules === undefined ? {} : { modules }),
    });
  const entries = [
    entry('CVE-2024-18', '1:10.2.3-1.module+el8.9.0+1+0a1b2c3d', ['nodejs:18']),
    entry('CVE-2024-20', '1:10.5.0-1.module+el8.9.0+2+0a1b2c3d', ['nodejs:20']),
    entry('CVE-2024-1', '1:11.0-1.el8', []),
    entry('CVE-2024-9', '', ['nodejs:18', 'nodejs-devel:18']),
    affected({
      vulnerability: 'CVE-2024-9',
      ecosystem: 'Red Hat:8',
      name: 'npm',
      status: 'not-affected',
      modules: ['nodejs:20'],
    }),
  ];
  const ids = (version: string, label: string): readonly string[] => {
    const purl = `pkg:rpm/redhat/npm@${version}${label === '' ? '' : `?rpmmod=${label}`}`;
    const { findings } = matchPackages(
      [pkg({ name: 'npm', version, type: 'rpm', purl })],
      os,
      memorySource(entries),
    );
    return findings.map(({ id }) => id).sort();
  };

  test('decides, whatever the versions look like', () => {
    assert.deepEqual(ids('1:9.8.1-1.module+el8.9.0+1+0a1b2c3d', 'nodejs:18:8090020240101:abc'), [
      'CVE-2024-18',
      'CVE-2024-9',
    ]);
    assert.deepEqual(ids('1:9.8.1-1.module+el8.9.0+1+0a1b2c3d', 'nodejs%3A20%3A8090020240101%3Aabc'), [
      'CVE-2024-20',
    ]);
  });

  test('keeps packages of modules and others apart', () => {
    assert.deepEqual(ids('1:9.8.1-1.el8', ''), ['CVE-2024-1']);
  });

  test('is not guessed where it is missing: the version stands for it', () => {
    assert.deepEqual(ids('1:10.1.0-1.module+el8.9.0+1+0a1b2c3d', ''), [
      'CVE-2024-18',
      'CVE-2024-20',
      'CVE-2024-9',
    ]);
  });

  test('has one release built for several minor releases: the fix is in all of them', () => {
    assert.deepEqual(ids('1:10.2.3-1.module+el8.8.0+99+0a1b2c3d', 'nodejs:18:1:a'), ['CVE-2024-9']);
  });
});

test('the parts of an RPM source with a version of their own are not judged by the source', () => {
  const os: OsRelease = {
    id: 'rocky',
    idLike: [],
    versionId: '9.3',
    codename: '',
    prettyName: 'Rocky Linux 9.3',
  };
  const entry = affected({
    vulnerability: 'CVE-2024-3',
    ecosystem: 'Rocky Linux:9',
    name: 'perl',
    ranges: [range('0', '4:5.32.1-481.el9')],
  });
  const found = (name: string, version: string) =>
    matchPackages(
      [pkg({ name, version, type: 'rpm', source: { name: 'perl', version: '5.32.1-480.el9' } })],
      os,
      memorySource([entry]),
    ).findings.length;
  assert.equal(found('perl-libs', '4:5.32.1-480.el9'), 1);
  assert.equal(found('perl-Errno', '1.30-480.el9'), 0);
});

test('a plan groups what one upgrade closes, the greatest risk first', () => {
  const crypto = { ...LIBSSL, name: 'libcrypto3', purl: 'pkg:deb/libcrypto3' };
  const lib = pkg({ name: 'x', version: '1.0.0', type: 'npm' });
  const source = memorySource([
    OPENSSL,
    affected({ ...OPENSSL, vulnerability: 'CVE-2024-0002', ranges: [range('0', '3.0.14-1~deb12u1')] }),
    affected({ vulnerability: 'CVE-3', ecosystem: 'npm', name: 'x', ranges: [range('0', '1.0.1')] }),
    affected({ vulnerability: 'CVE-4', ecosystem: 'npm', name: 'x', ranges: [range('0', '')] }),
  ]);
  const packages = [LIBSSL, crypto, lib];
  const { findings } = matchPackages(packages, DEBIAN, source);
  const plan = fixPlan(findings, packages);
  assert.deepEqual(
    plan.map(({ name, to, closes, packages: moved }) => ({ name, to, closes, moved: moved.length })),
    [
      { name: 'openssl', to: '3.0.14-1~deb12u1', closes: ['CVE-2024-0001', 'CVE-2024-0002'], moved: 2 },
      { name: 'x', to: '1.0.1', closes: ['CVE-3'], moved: 1 },
    ],
  );
});
