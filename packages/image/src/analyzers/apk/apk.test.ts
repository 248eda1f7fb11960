import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { analyzeFiles } from '../testing.ts';
import { apkAnalyzer } from './index.ts';
import { parseInstalled } from './installed.ts';

const INSTALLED = `C:Q1abc=
P:libcrypto3
V:3.3.1-r1
A:x86_64
L:Apache-2.0
o:openssl
m:Someone <a@b.c>
F:lib
R:libcrypto.so.3
a:0:0:755
Z:Q1abc=
F:usr
F:usr/lib
R:libx.so

C:Q1def=
P:musl
V:1.2.5-r0
A:x86_64
L:MIT
o:musl
F:
R:.top

P:openssl-doc
V:3.3.1-r1
o:openssl
F:usr/share/man
R:x.1
`;

describe('apk', () => {
  const result = analyzeFiles(apkAnalyzer, {
    '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
    '/lib/apk/db/installed': INSTALLED,
  });

  it('reads packages with the origin that advisories name', () => {
    assert.deepEqual(result.packages[0], {
      name: 'libcrypto3',
      version: '3.3.1-r1',
      type: 'apk',
      purl: 'pkg:apk/alpine/libcrypto3@3.3.1-r1?arch=x86_64&distro=alpine-3.20.1',
      arch: 'x86_64',
      source: { name: 'openssl', version: '3.3.1-r1' },
      locations: [{ path: '/lib/apk/db/installed' }],
      licenses: ['Apache-2.0'],
    });
    assert.deepEqual(
      result.packages.map((entry) => entry.inert === true),
      [false, false, true],
    );
  });

  it('knows who owns a file', () => {
    const [libcrypto, musl] = result.packages;
    assert.equal(result.owners?.get('/lib/libcrypto.so.3'), libcrypto?.purl);
    assert.equal(result.owners?.get('/usr/lib/libx.so'), libcrypto?.purl);
    assert.equal(result.owners?.get('/.top'), musl?.purl);
    assert.equal(result.owners?.size, 3);
  });

  it('knows settings as packages brought them', () => {
    const sha1 = createHash('sha1').update('x').digest();
    const z = `Q1${sha1.toString('base64')}`;
    const md5 = 'cc3493ecd2d09837ffdcc3e25fdfff18';
    const text = `P:a\nV:1\nF:etc/a\nM:0:0:755\nR:new.conf\na:0:0:640\nZ:${z}\nR:old.conf\nZ:${md5}\nR:none.conf\nR:odd.conf\nZ:Q1AAAA\nF:usr/bin\nR:a\nZ:${z}\nF:etc\nZ:${z}\n`;
    const { shipped } = analyzeFiles(apkAnalyzer, { '/lib/apk/db/installed': text });
    assert.deepEqual(
      [...(shipped ?? [])],
      [
        ['/etc/a/new.conf', `sha1:${sha1.toString('hex')}`],
        ['/etc/a/old.conf', `md5:${md5}`],
      ],
    );
    const sha256 = createHash('sha256').update('x').digest();
    const short = sha256.subarray(0, 20);
    const third = `P:a\nV:1\nf:S\nF:etc\nR:x\nZ:Q1${short.toString('base64')}\nR:y\nZ:Q2${sha256.toString('base64')}\n`;
    assert.deepEqual(
      [...(analyzeFiles(apkAnalyzer, { '/lib/apk/db/installed': third }).shipped ?? [])],
      [
        ['/etc/x', `sha256-160:${short.toString('hex')}`],
        ['/etc/y', `sha256:${sha256.toString('hex')}`],
      ],
    );
  });

  it('names the distribution in the purl, Alpine when nothing says which', () => {
    const of = (release: string): string | undefined =>
      analyzeFiles(apkAnalyzer, { '/etc/os-release': release, '/lib/apk/db/installed': 'P:a\nV:1-r0\n' })
        .packages[0]?.purl;
    assert.equal(of('ID=wolfi\nVERSION_ID="20230201"\n'), 'pkg:apk/wolfi/a@1-r0?distro=wolfi-20230201');
    assert.equal(of(''), 'pkg:apk/alpine/a@1-r0');
  });

  it('tells of entries without name or version, and reports the others', () => {
    const path = '/lib/apk/db/installed';
    const good = 'P:musl\nV:1.2.5-r0\n\n';
    for (const [broken, count] of [
      ['P:zlib\nA:x86_64\n\n', 1],
      ['V:1.0\n\nP:\nV:1\n\n', 2],
      ['P:one\nP:two\nV:\n\n', 2],
      ['no field at all\n\n', 1],
      [`P:long\nV:${'1'.repeat(600)}\n\n`, 1],
    ] as const) {
      const { packages, incomplete } = analyzeFiles(apkAnalyzer, { [path]: broken + good });
      assert.deepEqual(
        packages.map(({ name }) => name),
        ['musl'],
      );
      assert.ok(
        incomplete.get(path)?.startsWith(`${count} entries of the package database have no usable name`),
      );
      assert.match(analyzeFiles(apkAnalyzer, { [path]: broken }).problems.get(path) ?? '', /no usable name/);
    }
    const { incomplete, problems } = analyzeFiles(apkAnalyzer, { [path]: `\n\n${good}\n\n\r\n` });
    assert.deepEqual([incomplete.size, problems.size], [0, 0]);
    assert.equal(analyzeFiles(apkAnalyzer, { [path]: '' }).problems.size, 0);
  });

  it('gives back every package that was written', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_.+-]{0,20}$/);
    const entry = fc.record({
      name: word,
      version: word,
      origin: word,
      files: fc.array(word, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const text = entries
          .map((e) => [
            `P:${e.name}`,
            `V:${e.version}`,
            `o:${e.origin}`,
            'F:opt',
            ...e.files.map((f) => `R:${f}`),
            '',
          ])
          .flat()
          .join('\n');
        assert.deepEqual(
          parseInstalled(text).map(({ name, version, origin, files }) => ({ name, version, origin, files })),
          entries.map((e) => ({ ...e, files: e.files.map((file) => `/opt/${file}`) })),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('never throws and never makes a package without name or version', () => {
    const part = fc.constantFrom('P:', 'V:', 'F:', 'R:', 'o:', '\n', '\n\n', '\r\n', ':', '\0', 'a');
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 60 }), (parts) => {
        const found = parseInstalled(parts.join(''));
        assert.ok(found.every((entry) => entry.name !== '' && entry.version !== ''));
      }),
      { numRuns: 300 },
    );
  });
});
