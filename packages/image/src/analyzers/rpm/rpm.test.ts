import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { analyzeFiles } from '../testing.ts';
import { readHeader } from './header.ts';
import { rpmAnalyzer } from './index.ts';
import { packageOfHeader, splitSourceRpm } from './package.ts';
import {
  bdbDatabase,
  ndbDatabase,
  rpmHeader,
  samplePackage,
  writeSqliteDatabase,
} from './testing/databases.ts';
import { isThirdPartyVendor } from './vendor.ts';

const RELEASE = 'ID="rocky"\nVERSION_ID="9.3"\n';
const PATHS = {
  sqlite: '/var/lib/rpm/rpmdb.sqlite',
  ndb: '/usr/lib/sysimage/rpm/Packages.db',
  bdb: '/var/lib/rpm/Packages',
} as const;

describe('rpm', () => {
  let folder = '';
  let files = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'guardcell-rpm-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function sqlite(blobs: readonly Uint8Array[], pageSize?: number): Buffer {
    files += 1;
    const file = join(folder, `${files}.sqlite`);
    writeSqliteDatabase(file, blobs, pageSize);
    return readFileSync(file);
  }

  // Files make headers from a hundred bytes to some hundred kilobytes: within a page, and over many.
  const sizes = [0, 3, 40, 150, 400, 9_000];
  const blobs = sizes.map((size, index) => samplePackage(`pkg-${index}`, size));
  const names = sizes.map((_, index) => `pkg-${index}`);
  const many = Array.from({ length: 700 }, (_, index) => samplePackage(`many-${index}`, index % 60));

  it('reads packages, sources and owners from each kind of database alike', () => {
    const databases: readonly (readonly [string, Buffer])[] = [
      [PATHS.sqlite, sqlite(blobs)],
      [PATHS.ndb, ndbDatabase(blobs)],
      [PATHS.bdb, bdbDatabase(blobs)],
      [PATHS.bdb, bdbDatabase(blobs, false)],
    ];
    for (const [path, bytes] of databases) {
      const result = analyzeFiles(rpmAnalyzer, { [path]: bytes, '/etc/os-release': RELEASE });
      assert.deepEqual(result.packages.map((entry) => entry.name).sort(), names);
      const first = result.packages.find((entry) => entry.name === 'pkg-0');
      assert.deepEqual(first, {
        name: 'pkg-0',
        version: '1.2.3-4.el9',
        type: 'rpm',
        purl: 'pkg:rpm/rocky/pkg-0@1.2.3-4.el9?arch=x86_64&distro=rocky-9.3',
        arch: 'x86_64',
        source: { name: 'pkg-0-source', version: '1.2.3-4.el9' },
        locations: [{ path }],
        licenses: ['MIT'],
      });
      assert.equal(
        result.owners?.size,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      assert.equal(
        result.owners?.get('/opt/pkg-5/file-8999'),
        result.packages.find((p) => p.name === 'pkg-5')?.purl,
      );
    }
  });

  it('reads SQLite databases of several levels and of any page size', () => {
    for (const pageSize of [512, 4096, 65_536]) {
      const { packages } = analyzeFiles(rpmAnalyzer, { [PATHS.sqlite]: sqlite(many, pageSize) });
      assert.equal(new Set(packages.map((entry) => entry.name)).size, many.length, `${pageSize}`);
    }
  });

  it('writes the epoch in front of the version and as a qualifier of the purl', () => {
    const header = rpmHeader({
      1000: 'dbus',
      1001: '1.12',
      1002: '8.el9',
      1003: [1],
      1044: 'dbus-1.12-8.el9.src.rpm',
      5096: 'm:1:2:c',
    });
    const { packages } = analyzeFiles(rpmAnalyzer, { [PATHS.ndb]: ndbDatabase([header]) });
    assert.equal(packages[0]?.version, '1:1.12-8.el9');
    assert.deepEqual(packages[0]?.source, { name: 'dbus', version: '1:1.12-8.el9' });
    assert.equal(packages[0]?.purl, 'pkg:rpm/dbus@1.12-8.el9?epoch=1&rpmmod=m:1:2:c');
  });

  it('leaves out the keys that rpm keeps among packages', () => {
    const key = rpmHeader({ 1000: 'gpg-pubkey', 1001: 'abc', 1002: 'def' });
    const { packages, problems } = analyzeFiles(rpmAnalyzer, { [PATHS.ndb]: ndbDatabase([key]) });
    assert.deepEqual([packages, problems.size], [[], 0]);
  });

  it('knows settings as packages brought them, in each kind of digest', () => {
    const of = (algorithm: number | undefined, length: number): ReadonlyMap<string, string> | undefined => {
      const digest = 'a'.repeat(length);
      const header = rpmHeader({
        1000: 'sudo',
        1001: '1',
        1002: '1',
        1035: [digest, digest, '', digest],
        1037: [1, 0, 1 | 64, 17],
        1116: [0, 0, 0, 1],
        1117: ['sudoers', 'plain', 'ghost', 'own.conf'],
        1118: ['/etc/', '/usr/share/sudo/'],
        ...(algorithm === undefined ? {} : { 5011: [algorithm] }),
      });
      return analyzeFiles(rpmAnalyzer, { [PATHS.ndb]: ndbDatabase([header]) }).shipped;
    };
    assert.deepEqual([...(of(8, 64) ?? [])], [['/etc/sudoers', `sha256:${'a'.repeat(64)}`]]);
    assert.deepEqual([...(of(undefined, 32) ?? [])], [['/etc/sudoers', `md5:${'a'.repeat(32)}`]]);
    assert.deepEqual([...(of(99, 64) ?? [])], []);
    assert.deepEqual([...(of(8, 7) ?? [])], []);
  });

  it('tells of headers without name or version, and reports the others', () => {
    const good = rpmHeader({ 1000: 'bash', 1001: '5.2', 1002: '1' });
    const noVersion = rpmHeader({ 1000: 'zlib', 1002: '1' });
    const noName = rpmHeader({ 1001: '1', 1002: '1' });
    const noArch = rpmHeader({ 1000: 'noarch', 1001: '1', 1002: '1' });
    const database = ndbDatabase([noVersion, good, noName, noArch]);
    const { packages, incomplete } = analyzeFiles(rpmAnalyzer, { [PATHS.ndb]: database });
    assert.deepEqual(
      packages.map(({ name }) => name),
      ['bash', 'noarch'],
    );
    assert.match(incomplete.get(PATHS.ndb) ?? '', /^2 entries of the package database have no usable name/);
    const none = analyzeFiles(rpmAnalyzer, { [PATHS.ndb]: ndbDatabase([noVersion]) });
    assert.match(none.problems.get(PATHS.ndb) ?? '', /no package in it can be read; 1 parts/);
  });

  it('splits the name of a source package, whatever dashes its name has', () => {
    assert.deepEqual(splitSourceRpm('java-11-openjdk-11.0.20-1.el9.src.rpm'), {
      name: 'java-11-openjdk',
      version: '11.0.20',
      release: '1.el9',
    });
    assert.equal(splitSourceRpm('x.nosrc.rpm'), undefined);
    assert.equal(splitSourceRpm('(none)'), undefined);
  });

  it('tells vendors of other repositories from the distribution', () => {
    const os = (id: string) => ({ id, idLike: [], versionId: '', codename: '', prettyName: '' });
    assert.equal(isThirdPartyVendor('Rocky Enterprise Software Foundation', os('rocky')), false);
    assert.equal(isThirdPartyVendor('Fedora Project', os('rocky')), true);
    assert.equal(isThirdPartyVendor('Red Hat, Inc.', os('rhel')), false);
    assert.equal(isThirdPartyVendor('SUSE LLC <https://www.suse.com/>', os('sles')), false);
    assert.equal(isThirdPartyVendor('openSUSE', os('opensuse-leap')), false);
    assert.equal(isThirdPartyVendor("Remi's RPM repository", os('almalinux')), true);
    assert.equal(isThirdPartyVendor('', os('rhel')), false);
    assert.equal(isThirdPartyVendor('Anybody', os('unknown-linux')), false);
  });

  it('reads the manifest of images without database', () => {
    const line =
      'bash\t5.1.8-4.cm2\t1\t2\tMicrosoft Corporation\t(none)\t100\tx86_64\t0\tbash-5.1.8-4.cm2.src.rpm\n';
    const { packages, incomplete } = analyzeFiles(rpmAnalyzer, {
      '/var/lib/rpmmanifest/container-manifest-2': `${line}broken\n`,
      '/etc/os-release': 'ID=mariner\nVERSION_ID="2.0"\n',
    });
    assert.deepEqual(
      packages.map((entry) => [entry.purl, entry.source?.name, entry.thirdParty]),
      [['pkg:rpm/mariner/bash@5.1.8-4.cm2?arch=x86_64&distro=mariner-2.0', 'bash', undefined]],
    );
    assert.match([...incomplete.values()].join(''), /^1 entries .* no usable name or version$/);
  });

  it('reports other content as a problem', () => {
    for (const path of Object.values(PATHS)) {
      for (const content of ['', 'x', 'SQLite format 3\0', 'x'.repeat(10_000)]) {
        const { problems, packages } = analyzeFiles(rpmAnalyzer, { [path]: content });
        assert.deepEqual([problems.size, packages.length], [1, 0], `${path} ${content.slice(0, 9)}`);
      }
    }
    const broken = ndbDatabase([Buffer.from('no header at all, but long enough')]);
    assert.match(
      analyzeFiles(rpmAnalyzer, { [PATHS.ndb]: broken }).problems.get(PATHS.ndb) ?? '',
      /1 parts are broken/,
    );
  });

  it('keeps the packages before the place where a database was cut off', () => {
    const whole = ndbDatabase(blobs.slice(0, 3));
    const cut = whole.subarray(0, whole.length - 200);
    const { packages, incomplete } = analyzeFiles(rpmAnalyzer, { [PATHS.ndb]: cut });
    assert.match(incomplete.get(PATHS.ndb) ?? '', /^1 parts/);
    assert.deepEqual(
      packages.map((entry) => entry.name),
      ['pkg-0', 'pkg-1'],
    );
  });

  it('neither throws nor hangs when bytes of a database are changed or missing', () => {
    const small = blobs.slice(0, 4);
    const databases = [
      [PATHS.sqlite, sqlite(small, 512)],
      [PATHS.ndb, ndbDatabase(small)],
      [PATHS.bdb, bdbDatabase(small)],
    ] as const;
    const change = fc.record({ at: fc.nat(), value: fc.nat(255) });
    const near = fc.record({ at: fc.nat(600), value: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(...databases),
        fc.array(fc.oneof(change, near), { maxLength: 30 }),
        fc.nat(100),
        ([path, bytes], changes, percent) => {
          const broken = Buffer.from(
            bytes.subarray(0, Math.ceil((bytes.length * (100 - (percent % 30))) / 100)),
          );
          for (const { at, value } of changes) broken[at % broken.length] = value;
          analyzeFiles(rpmAnalyzer, { [path]: broken });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives back every header that was written', () => {
    const text = fc.stringMatching(/^[a-z0-9][a-z0-9._+-]{0,20}$/);
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.nat(1000),
        fc.array(text, { maxLength: 10 }),
        (name, version, release, epoch, paths) => {
          const numbers = paths.map(() => 0);
          const header = readHeader(
            rpmHeader({
              1000: name,
              1001: version,
              1002: release,
              1003: [epoch],
              ...(paths.length > 0 ? { 1116: numbers, 1117: paths, 1118: ['/d/'] } : {}),
            }),
          );
          const found = header && packageOfHeader(header);
          assert.deepEqual(
            [found?.name, found?.version, found?.release, found?.epoch, found?.files],
            [name, version, release, epoch, paths.map((path) => `/d/${path}`)],
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
