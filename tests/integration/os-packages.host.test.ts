// What the analyzers of system packages find on this machine and in real rpm databases, against the own tools.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ScanPart, scanTarget } from '@guardcell/scan';
import { dpkgAnalyzer } from '../../packages/image/src/analyzers/dpkg/index.ts';
import { npmAnalyzer } from '../../packages/image/src/analyzers/npm/index.ts';
import { rpmAnalyzer } from '../../packages/image/src/analyzers/rpm/index.ts';
import { readTable } from '../../packages/image/src/analyzers/rpm/sqlite-pages.ts';
import { analyzeFiles } from '../../packages/image/src/analyzers/testing.ts';
import { heldContent } from '../../packages/image/src/content/file-content.ts';

const ROOT = join(import.meta.dirname, '../..');
const DPKG = '/var/lib/dpkg';

function missing(...programs: readonly string[]): string | false {
  const absent = programs.filter((program) => !existsSync(`/usr/bin/${program}`));
  return absent.length > 0 && `not installed: ${absent.join(', ')}`;
}

function regularFiles(paths: readonly string[]): Record<string, Uint8Array> {
  const present = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true);
  return Object.fromEntries(present.map((path) => [path, readFileSync(path)]));
}

describe('dpkg of this machine', { skip: missing('dpkg-query') }, () => {
  it('yields exactly the packages, versions and sources that dpkg-query lists', () => {
    const format =
      '${db:Status-Status}\t${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n';
    const listed = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 2 ** 26 })
      .split('\n')
      .filter((line) => line !== '' && !/^(?:config-files|not-installed)\t/.test(line))
      .map((line) => line.slice(line.indexOf('\t') + 1));
    const { packages } = analyzeFiles(dpkgAnalyzer, regularFiles([`${DPKG}/status`]));
    const found = packages.map(
      (entry) =>
        `${entry.name} ${entry.version} ${entry.arch} ${entry.source?.name} ${entry.source?.version}`,
    );
    assert.ok(listed.length > 50);
    assert.deepEqual(found.sort(), listed.sort());
  });

  it('names the owner that dpkg names', () => {
    const info = readdirSync(`${DPKG}/info`).filter((name) => name.endsWith('.list'));
    const files = regularFiles([`${DPKG}/status`, ...info.map((name) => `${DPKG}/info/${name}`)]);
    const { owners, packages } = analyzeFiles(dpkgAnalyzer, files);
    for (const path of ['/usr/bin/dpkg', '/usr/bin/env', '/usr/bin/apt-get']) {
      const owner = execFileSync('dpkg', ['-S', path], { encoding: 'utf8' }).split(/[:,]/, 1)[0];
      const named = packages.find((entry) => entry.purl === owners?.get(path))?.name;
      assert.equal(named, owner, path);
    }
  });
});

const SETTING = `client_secret=q7Xz0KpV3mWc${'9RtY2uHs'}8LbN4d\n`;

describe('rpm databases', { skip: missing('rpm', 'rpmbuild', 'db5.3_load') }, () => {
  let folder = '';
  let sqlite: Uint8Array = new Uint8Array();
  const quiet = { stdio: 'ignore' } as const;
  const release = 'ID=rocky\nVERSION_ID=9.3\n';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'guardcell-rpm-'));
    const spec = `Name: alpha
Epoch: 2
Version: 1.2.3
Release: 4.el9
Summary: test
License: MIT AND Apache-2.0
Vendor: Rocky Enterprise Software Foundation
BuildArch: noarch
ModularityLabel: nodejs:18:905:abc
%description
test
%package libs
Summary: libraries
Vendor: Example Corp
%description libs
test
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib/alpha
echo x > %{buildroot}/usr/bin/alpha
mkdir -p %{buildroot}/etc; echo '${SETTING.trim()}' | tee %{buildroot}/etc/alpha.conf > %{buildroot}/etc/own.conf
for i in $(seq 1 300); do echo x > %{buildroot}/usr/lib/alpha/part-$i.so; done
%files
/usr/bin/alpha
%config(noreplace) /etc/alpha.conf
%config /etc/own.conf
%files libs
/usr/lib/alpha/*
`;
    writeFileSync(join(folder, 'alpha.spec'), spec);
    execFileSync('rpmbuild', ['--define', `_topdir ${folder}/top`, '-bb', join(folder, 'alpha.spec')], quiet);
    const built = readdirSync(join(folder, 'top/RPMS/noarch')).map((name) =>
      join(folder, 'top/RPMS/noarch', name),
    );
    const root = join(folder, 'root');
    mkdirSync(root);
    const options = ['--define', '_db_backend sqlite', '--root', root, '--dbpath', '/var/lib/rpm'];
    execFileSync('rpm', [...options, '--initdb'], quiet);
    execFileSync('rpm', [...options, '-i', '--nodeps', '--noscripts', '--justdb', ...built], quiet);
    sqlite = readFileSync(join(root, 'var/lib/rpm/rpmdb.sqlite'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function check(path: string, bytes: Uint8Array): void {
    const { packages, owners, shipped } = analyzeFiles(rpmAnalyzer, {
      [path]: bytes,
      '/etc/os-release': release,
    });
    const sorted = packages.toSorted((a, b) => a.name.localeCompare(b.name));
    assert.deepEqual(
      sorted.map(({ name, version, source, thirdParty }) => ({ name, version, source, thirdParty })),
      [
        {
          name: 'alpha',
          version: '2:1.2.3-4.el9',
          source: { name: 'alpha', version: '2:1.2.3-4.el9' },
          thirdParty: undefined,
        },
        {
          name: 'alpha-libs',
          version: '2:1.2.3-4.el9',
          source: { name: 'alpha', version: '2:1.2.3-4.el9' },
          thirdParty: 'Example Corp',
        },
      ],
    );
    assert.equal(
      sorted[0]?.purl,
      'pkg:rpm/rocky/alpha@1.2.3-4.el9?arch=noarch&distro=rocky-9.3&epoch=2&rpmmod=nodejs:18:905:abc',
    );
    assert.equal(owners?.size, 303);
    const [kind = ''] = (shipped?.get('/etc/alpha.conf') ?? '').split(':');
    assert.equal(shipped?.get('/etc/alpha.conf'), `${kind}:${hash(kind, SETTING)}`);
    assert.equal(owners?.get('/usr/lib/alpha/part-300.so'), sorted[1]?.purl);
  }

  it('are read as rpm writes them with SQLite', () => check('/var/lib/rpm/rpmdb.sqlite', sqlite));

  it('say which settings nobody has changed, so that what stands in them is published', async () => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'etc'), { recursive: true });
    writeFileSync(join(root, 'etc/os-release'), release);
    writeFileSync(join(root, 'etc/alpha.conf'), SETTING);
    writeFileSync(join(root, 'etc/own.conf'), `# ours\n${SETTING}`);
    const { secrets } = await scanTarget(
      { kind: 'filesystem', path: root },
      { only: new Set<ScanPart>(['secrets']) },
    );
    assert.deepEqual(secrets.map(({ path, suppressed }) => [path, suppressed?.by]).sort(), [
      ['/etc/alpha.conf', 'built-in'],
      ['/etc/own.conf', undefined],
    ]);
  });

  it('are read as Berkeley DB writes them', () => {
    const blobs = [...(readTable(heldContent(sqlite), 'Packages') ?? [])].flatMap((row) =>
      row.filter((value) => value instanceof Uint8Array),
    );
    assert.equal(blobs.length, 2);
    // The first entry of a real database is the next free number; db5.3_load takes keys and values in hex.
    const rows = [Buffer.from([0, 0, 0, 3]), ...blobs].map((value, index) => {
      const key = Buffer.alloc(4);
      key.writeUInt32LE(index);
      return ` ${key.toString('hex')}\n ${Buffer.from(value).toString('hex')}\n`;
    });
    const head = 'VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n';
    const file = join(folder, 'Packages');
    execFileSync('db5.3_load', [file], { input: `${head}${rows.join('')}DATA=END\n` });
    check('/var/lib/rpm/Packages', readFileSync(file));
  });
});

describe('npm packages of this repository', () => {
  interface Lock {
    readonly packages: Readonly<
      Record<string, { readonly version?: string; readonly link?: boolean; readonly name?: string }>
    >;
  }
  const path = join(ROOT, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock;
  const entries = Object.entries(lock.packages).filter(
    ([key, entry]) => key.includes('node_modules/') && !entry.link,
  );
  const labels = new Map(
    entries.map(([key, entry]) => [
      key,
      `${entry.name ?? key.split('node_modules/').at(-1)}@${entry.version}`,
    ]),
  );

  it('are those of the lock', () => {
    const { packages } = analyzeFiles(npmAnalyzer, { [path]: readFileSync(path) });
    const found = packages.map((entry) => `${entry.name}@${entry.version}`);
    assert.deepEqual(found.sort(), [...new Set(labels.values())].sort());
  });

  it('are found installed wherever the lock says so and npm put them', () => {
    const manifests = [...labels.keys()].map((key) => join(ROOT, key, 'package.json'));
    const { packages, problems } = analyzeFiles(npmAnalyzer, regularFiles(manifests));
    const found = new Set(packages.map((entry) => `${entry.name}@${entry.version}`));
    const there = [...labels].filter(([key]) => existsSync(join(ROOT, key, 'package.json')));
    assert.ok(there.length > 100);
    assert.deepEqual(
      there.filter(([, label]) => !found.has(label)),
      [],
    );
    assert.equal(problems.size, 0);
  });
});
