import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { analyzeFiles } from '../testing.ts';
import { dpkgAnalyzer } from './index.ts';
import { parseStatus, sourceOf } from './status.ts';

const RELEASE = 'ID=debian\nVERSION_ID="12"\n';
const STATUS = `Package: libssl3
Status: install ok installed
Section: libs
Maintainer: Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>
Architecture: amd64
Source: openssl
Version: 3.0.11-1~deb12u2
Description: Secure Sockets Layer toolkit
 Package: not-a-field
 .
 Version: 9

Package: bash
Status: install ok installed
Architecture: amd64
Source: bash (5.2.15-2)
Version: 5.2.15-2+b2

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1.0

Package: zlib1g
Status: install ok triggers-awaited
Architecture: amd64
Source: zlib
Version: 1:1.2.13.dfsg-1

Package: linux-libc-dev
Status: install ok installed
Section: devel
Architecture: amd64
Source: linux
Version: 6.1.90-1

Package: docker-ce
Status: install ok installed
Maintainer: Docker <support@docker.com>
Architecture: amd64
Version: 5:24.0.7-1~debian.12~bookworm
`;

const find = (name: string): ((entry: { readonly name: string }) => boolean) => {
  return (entry) => entry.name === name;
};

describe('dpkg', () => {
  const files = {
    '/usr/lib/os-release': RELEASE,
    '/var/lib/dpkg/status': STATUS,
    '/var/lib/dpkg/info/libssl3:amd64.list':
      '/.\n/usr\n/usr/lib\n/usr/lib/libssl.so.3\n/usr/share/doc/libssl3/copyright\n',
    '/var/lib/dpkg/info/bash.list': '/.\n/bin\n/bin/bash\n',
    '/var/lib/dpkg/info/gone.list': '/etc/gone.conf\n',
    '/usr/share/doc/libssl3/copyright':
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: Apache-2.0\n\nFiles: x\nLicense: GPL-2+ or Artistic\n text\n',
    '/usr/share/doc/bash/copyright': 'This is bash.\n\nFiles: *\nLicense: none\n',
  };
  const result = analyzeFiles(dpkgAnalyzer, files);

  it('lists what is installed, whatever state of it dpkg is in, and not what left only configuration', () => {
    const names = result.packages.map((entry) => entry.name);
    assert.deepEqual(names, ['libssl3', 'bash', 'zlib1g', 'linux-libc-dev', 'docker-ce']);
  });

  it('makes packages with epoch, architecture, release and source', () => {
    assert.deepEqual(result.packages.find(find('zlib1g')), {
      name: 'zlib1g',
      version: '1:1.2.13.dfsg-1',
      type: 'deb',
      purl: 'pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12',
      arch: 'amd64',
      source: { name: 'zlib', version: '1:1.2.13.dfsg-1' },
      locations: [{ path: '/var/lib/dpkg/status' }],
      licenses: [],
    });
    assert.deepEqual(result.packages.find(find('bash'))?.source, { name: 'bash', version: '5.2.15-2' });
  });

  it('takes the source of a rebuild without its suffix where none is named', () => {
    assert.deepEqual(sourceOf('x', '1.0-2+b1', ''), { source: 'x', sourceVersion: '1.0-2' });
    assert.deepEqual(sourceOf('x', '1.0-2+b1', 'y (0.9)'), { source: 'y', sourceVersion: '0.9' });
    assert.deepEqual(sourceOf('x', '1.0+bzr2', 'y ('), { source: 'y', sourceVersion: '1.0+bzr2' });
  });

  it('knows who owns a file, also where a merged system has it', () => {
    const bash = result.packages.find(find('bash'))?.purl;
    assert.equal(result.owners?.get('/bin/bash'), bash);
    assert.equal(result.owners?.get('/usr/bin/bash'), bash);
    assert.equal(result.owners?.get('/usr/lib/libssl.so.3'), result.packages[0]?.purl);
    assert.equal(result.owners?.has('/usr/lib'), false);
    assert.equal(result.owners?.has('/etc/gone.conf'), false);
    const unlisted = result.packages.filter(({ purl }) => result.unlisted?.has(purl) === true);
    assert.deepEqual(unlisted.map(({ name }) => name).sort(), ['docker-ce', 'linux-libc-dev', 'zlib1g']);
  });

  it('knows settings as packages brought them, and none of packages that are gone', () => {
    const md5 = 'cc3493ecd2d09837ffdcc3e25fdfff18';
    const field = (path: string): string =>
      `Conffiles:\n ${path}/a.conf ${md5}\n ${path}/old.conf ${md5} obsolete\n ${path}/new.conf newconffile\n`;
    const status = STATUS.replace('Version: 5.2.15-2+b2\n', `$&${field('/etc/bash dir')}`).replace(
      'Version: 1.0\n',
      `$&${field('/etc/gone')}`,
    );
    const { shipped } = analyzeFiles(dpkgAnalyzer, { '/var/lib/dpkg/status': status });
    assert.deepEqual(
      [...(shipped ?? [])],
      [
        ['/etc/bash dir/a.conf', `md5:${md5}`],
        ['/etc/bash dir/old.conf', `md5:${md5}`],
      ],
    );
  });

  it('takes licences from machine-readable copyright files only', () => {
    assert.deepEqual(result.packages[0]?.licenses, ['Apache-2.0', 'GPL-2.0-or-later OR Artistic-1.0-Perl']);
    assert.deepEqual(result.packages.find(find('bash'))?.licenses, []);
  });

  it('marks packages of other repositories and those of which nothing runs', () => {
    assert.equal(result.packages.find(find('docker-ce'))?.thirdParty, 'download.docker.com');
    assert.equal(result.packages.find(find('libssl3'))?.thirdParty, undefined);
    assert.equal(result.packages.find(find('linux-libc-dev'))?.inert, true);
    assert.equal(result.packages.find(find('bash'))?.inert, undefined);
  });

  const THIRD: readonly (readonly [string, string, string])[] = [
    ['1.25.3-1~bookworm', '', 'vendor repository'],
    ['8.2.7-1+0~20230613.28+debian12~1.gbpdc0d3a', '', 'deb.sury.org'],
    ['15.4-2.pgdg120+1', '', 'apt.postgresql.org'],
    ['20.20.2-1nodesource1', '', 'deb.nodesource.com'],
    ['1.0', 'Origin: Corp\n', 'Corp'],
    ['1.0', 'Maintainer: K <dev@kubernetes.io>\n', 'kubernetes.io'],
  ];
  for (const [version, field, expected] of THIRD) {
    it(`takes version ${version} ${field.trim()} for one of ${expected}`, () => {
      const status = `Package: x\n${field}Version: ${version}\n`;
      const { packages } = analyzeFiles(dpkgAnalyzer, { '/var/lib/dpkg/status': status });
      assert.equal(packages[0]?.thirdParty, expected);
    });
  }

  it('knows by the lists of apt what another repository offers, and whose it is', () => {
    const lists = '/var/lib/apt/lists';
    const { packages } = analyzeFiles(dpkgAnalyzer, {
      '/var/lib/dpkg/status':
        'Package: a\nVersion: 1\n\nPackage: b\nVersion: 2\n\nPackage: c\nVersion: 3\n\nPackage: d\nVersion: 4\n',
      [`${lists}/apt.example.org_stable_dists_main_InRelease`]:
        '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Example\nLabel: x\n',
      [`${lists}/apt.example.org_stable_dists_main_all_binary-amd64_Packages`]:
        'Package: a\nVersion: 1\n\nPackage: b\nVersion: 2.1\n',
      [`${lists}/mirror.example.org_debian_dists_bookworm_InRelease`]: 'Origin: Debian\n',
      [`${lists}/mirror.example.org_debian_dists_bookworm_main_binary-amd64_Packages`]:
        'Package: c\nVersion: 3\n',
      [`${lists}/other.example.org_x_Packages`]: 'Package: d\nVersion: 4\n',
    });
    assert.deepEqual(
      packages.map((entry) => entry.thirdParty),
      ['Example', undefined, undefined, 'other.example.org'],
    );
  });

  it('tells the files of two architectures of a package apart', () => {
    const { packages, owners } = analyzeFiles(dpkgAnalyzer, {
      '/var/lib/dpkg/status':
        'Package: z\nArchitecture: amd64\nVersion: 1\n\nPackage: z\nArchitecture: i386\nVersion: 1\n',
      '/var/lib/dpkg/info/z:amd64.list': '/opt/64\n',
      '/var/lib/dpkg/info/z:i386.list': '/opt/32\n',
    });
    assert.deepEqual(
      [owners?.get('/opt/64'), owners?.get('/opt/32')],
      packages.map((entry) => entry.purl),
    );
  });

  it('takes updates, backports and rebuilds of Debian for its own', () => {
    for (const version of [
      '3.0.11-1~deb12u2',
      '1.2-1~bpo12+1',
      '1.0-2+b4',
      '2.36-9+deb12u14',
      '1:2.0~rc1-1',
    ]) {
      const { packages } = analyzeFiles(dpkgAnalyzer, {
        '/var/lib/dpkg/status': `Package: x\nOrigin: Debian\nVersion: ${version}\n`,
      });
      assert.equal(packages[0]?.thirdParty, undefined, version);
    }
  });

  it('reads distroless images: one file a package, without state, with checksums for files', () => {
    const distroless = analyzeFiles(dpkgAnalyzer, {
      '/etc/os-release': RELEASE,
      '/var/lib/dpkg/status.d/libc6': 'Package: libc6\nSource: glibc\nVersion: 2.36-9\nArchitecture: amd64\n',
      '/var/lib/dpkg/status.d/libc6.md5sums': `${'0'.repeat(32)}  lib/x86_64-linux-gnu/libc.so.6\nbroken line\n`,
    });
    assert.deepEqual(
      distroless.packages.map((entry) => [entry.name, entry.source?.name]),
      [['libc6', 'glibc']],
    );
    assert.equal(distroless.owners?.get('/usr/lib/x86_64-linux-gnu/libc.so.6'), distroless.packages[0]?.purl);
  });

  it('reads carriage returns, invalid UTF-8 and a file that ends within a field', () => {
    const bytes = Buffer.concat([
      Buffer.from('Package: a\r\nVersion: 1\r\n\r\nPackage: b\nMaintainer: '),
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from('Version: 2\nDescr'),
    ]);
    const { packages, incomplete } = analyzeFiles(dpkgAnalyzer, { '/var/lib/dpkg/status': bytes });
    assert.equal(incomplete.size, 0);
    assert.deepEqual(
      packages.map((entry) => `${entry.name} ${entry.version}`),
      ['a 1', 'b 2'],
    );
  });

  it('says when entries cannot be read, and keeps the others', () => {
    const path = '/var/lib/dpkg/status';
    const result = analyzeFiles(dpkgAnalyzer, { [path]: `${STATUS}\nPackage: cut-off\nStatus: install ok` });
    assert.equal(result.packages.length, 5);
    assert.match(result.incomplete.get(path) ?? '', /^1 entries/);
    assert.match(analyzeFiles(dpkgAnalyzer, { [path]: 'x\n' }).problems.get(path) ?? '', /no usable name/);
  });

  it('gives back every package that was written, in any order of fields', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{1,20}$/);
    const version = fc.stringMatching(/^(?:[0-9]:)?[0-9][A-Za-z0-9.+~-]{0,20}$/);
    const entry = fc.record({ name, version, source: name, sourceVersion: version, shuffled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const text = entries
          .map((item) => {
            const fields = [
              `Package: ${item.name}`,
              'Description: x\n Package: y\n .',
              `Source: ${item.source} (${item.sourceVersion})`,
              `Version: ${item.version}`,
            ];
            return (item.shuffled ? fields.toReversed() : fields).join('\n');
          })
          .join('\n\n');
        assert.deepEqual(
          parseStatus(text).map(({ name, version, source, sourceVersion }) => ({
            name,
            version,
            source,
            sourceVersion,
          })),
          entries.map(({ name, version, source, sourceVersion }) => ({
            name,
            version,
            source,
            sourceVersion,
          })),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, whatever the bytes of any file it wants are', () => {
    const paths = ['status', 'status.d/x', 'status.d/x.md5sums', 'info/x.list', 'info/x.md5sums'];
    const path = fc.constantFrom(...paths.map((end) => `/var/lib/dpkg/${end}`), '/usr/share/doc/x/copyright');
    const part = fc.constantFrom(
      'Package: ',
      'Version:',
      '\n',
      '\n\n',
      ' ',
      ':',
      '(',
      ')',
      'Files: *',
      'License:',
      '/',
      '\0',
    );
    const text = fc.array(fc.oneof(part, fc.string()), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(path, text, (path, content) => {
        for (const found of analyzeFiles(dpkgAnalyzer, { [path]: content }).packages) {
          assert.ok(found.name !== '' && found.version !== '');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('lists of configuration files', () => {
  const md5 = '0123456789abcdef0123456789abcdef';
  const status = (conffiles: string): string =>
    `Package: a\nStatus: install ok installed\nVersion: 1\nConffiles:\n ${conffiles}\n`;

  it('are read with names that hold spaces, and flags behind the digest', () => {
    const read = (line: string) => parseStatus(status(line))[0]?.conffiles;
    assert.deepEqual(read(`/etc/a b ${md5} obsolete remove-on-upgrade`), [['/etc/a b', md5]]);
    assert.deepEqual(read(`/etc/a ${'ab'.repeat(16)}`), [['/etc/a', 'ab'.repeat(16)]]);
    for (const none of ['/etc/a newconffile', `etc/a ${md5}`, md5, `/etc/a ${md5}x`, ''])
      assert.equal(read(none), undefined, none);
  });

  it('take time linear in their text, however long a line is', () => {
    const started = process.cpuUsage().user;
    assert.equal(parseStatus(status(`/x ${`${'abcdef'.repeat(5)}ab `.repeat(300_000)}!`)).length, 1);
    assert.ok(process.cpuUsage().user - started < 5_000_000, 'more than 5 s of CPU');
  });
});
