// The tar reader: every dialect, every way to cut the stream, and archives made to break it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CodedError } from '@guardcell/kit';
import fc from 'fast-check';
import { createTarReader, type TarEntry } from './tar-reader.ts';
import { paxHeader, tar, tarEntry } from './testing/write-tar.ts';

interface Seen {
  readonly entry: TarEntry;
  readonly bytes: string | undefined;
}

function readAll(
  archive: Buffer,
  chunk = archive.length || 1,
  limit = 1000,
): { seen: Seen[]; problems: string[] } {
  const seen: Seen[] = [];
  const problems: string[] = [];
  const reader = createTarReader(
    {
      entry(entry) {
        seen.push({ entry, bytes: undefined });
        return entry.size < 1_000_000;
      },
      content(entry, bytes) {
        assert.equal(seen.at(-1)?.entry, entry);
        seen[seen.length - 1] = { entry, bytes: bytes.toString('latin1') };
      },
      problem: (name, message) => void problems.push(`${name}: ${message}`),
    },
    { entries: limit, repeatedBytes: 1_000_000 },
  );
  for (let at = 0; at < archive.length; at += chunk) {
    // A copy that is spoiled afterwards: nobody may hold on to chunks.
    const piece = Buffer.from(archive.subarray(at, at + chunk));
    reader.write(piece);
    piece.fill(0xee);
  }
  reader.end();
  return { seen, problems };
}

function codeOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    return error.code;
  }
  return '';
}

test('reads names, prefixes, modes, links and contents of ustar', () => {
  const { seen } = readAll(
    tar(
      { name: 'etc/', type: '5', mode: 0o755 },
      { name: 'passwd', prefix: 'etc', body: 'root', mode: 0o4755 },
      { name: 'etc/link', type: '2', link: '../x' },
      { name: 'etc/hard', type: '1', link: 'etc/passwd', size: 4 },
      { name: 'empty' },
    ),
  );
  assert.deepEqual(
    seen.map(({ entry, bytes }) => [entry.kind, entry.name, entry.mode, entry.link, bytes]),
    [
      ['directory', 'etc/', 0o755, '', undefined],
      ['file', 'etc/passwd', 0o4755, '', 'root'],
      ['symlink', 'etc/link', 0o644, '../x', undefined],
      ['hardlink', 'etc/hard', 0o644, 'etc/passwd', undefined],
      ['file', 'empty', 0o644, '', ''],
    ],
  );
});

test('long names come from GNU entries and from pax headers, and only for the next entry', () => {
  const long = `${'d/'.repeat(200)}é`;
  const { seen } = readAll(
    tar(
      { name: '././@LongLink', type: 'L', body: `${long}\0` },
      { name: 'cut', body: '1' },
      { name: '././@LongLink', type: 'K', body: `${long}\0` },
      { name: 'link', type: '2', link: 'cut' },
      paxHeader({ path: `${long}2`, linkpath: 'to', mtime: '1.5' }),
      { name: 'cut', body: '2' },
      { name: 'plain', body: '3' },
    ),
  );
  assert.deepEqual(
    seen.map(({ entry }) => entry.name),
    [long, 'link', `${long}2`, 'plain'],
  );
  assert.equal(seen[1]?.entry.link, long);
  assert.deepEqual(
    seen.map(({ bytes }) => bytes),
    ['1', undefined, '2', '3'],
  );
});

test('sizes beyond octal are read from pax records and from base-256 numbers', () => {
  const pax = readAll(
    tar(paxHeader({ size: '3' }), tarEntry({ name: 'a', body: 'abc', size: 0 }), { name: 'b' }),
  );
  assert.deepEqual(
    pax.seen.map(({ entry }) => [entry.name, entry.size]),
    [
      ['a', 3],
      ['b', 0],
    ],
  );
  const binary = tarEntry({
    name: 'a',
    body: 'abc',
    edit: (header) => {
      header.fill(0, 124, 136);
      header[124] = 0x80;
      header[135] = 3;
    },
  });
  assert.equal(readAll(tar(binary)).seen[0]?.bytes, 'abc');
});

test('sparse files of all formats of GNU tar read as their reader sees them', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'gc-sparse-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'holes');
  // Ten pieces: more than the four that fit the old format's first header.
  const content = Buffer.alloc(400_000);
  writeFileSync(file, '');
  truncateSync(file, content.length);
  const parts = Buffer.from(content);
  for (let i = 0; i < 10; i += 1) parts.write(`piece ${i}`, i * 40_000 + 8192, 'latin1');
  execFileSync('python3', [
    '-c',
    `import sys\nf=open(sys.argv[1],'r+b')\nfor i in range(10):\n  f.seek(i*40000+8192); f.write(b'piece %d'%i)`,
    file,
  ]);
  for (const format of [
    ['--format=gnu'],
    ['--format=posix', '--sparse-version=0.0'],
    ['--format=posix', '--sparse-version=0.1'],
    ['--format=posix', '--sparse-version=1.0'],
  ]) {
    const archive = execFileSync('tar', ['-C', dir, '-S', ...format, '--hole-detection=raw', '-c', 'holes']);
    assert.ok(archive.length < content.length, `${format.join(' ')} is sparse`);
    const { seen, problems } = readAll(archive, 700);
    assert.deepEqual(problems, []);
    assert.equal(seen.length, 1, format.join(' '));
    assert.equal(seen[0]?.entry.name, 'holes', format.join(' '));
    assert.equal(seen[0]?.entry.size, content.length, format.join(' '));
    assert.ok(seen[0]?.bytes === parts.toString('latin1'), format.join(' '));
  }
});

test('a map of holes that does not fit is a problem of that file alone', () => {
  const { seen, problems } = readAll(
    tar(
      paxHeader({ 'GNU.sparse.map': '0,900', 'GNU.sparse.size': '100', 'GNU.sparse.name': 'odd' }),
      { name: 'x', body: 'abc' },
      { name: 'next', body: 'fine' },
    ),
  );
  assert.deepEqual(problems, ['odd: its map of holes does not fit its size']);
  assert.equal(seen[1]?.bytes, 'fine');
});

test('files whose holes are larger than all that is stored are not handed out without end', () => {
  const hollow = [1, 2, 3].map((number) => [
    paxHeader({
      'GNU.sparse.map': '0,3',
      'GNU.sparse.size': '400000',
      'GNU.sparse.name': `hollow-${number}`,
    }),
    { name: 'x', body: 'abc' },
  ]);
  const { seen, problems } = readAll(tar(...hollow.flat(), { name: 'next', body: 'fine' }));
  assert.deepEqual(
    seen.map(({ bytes }) => bytes?.length),
    [400_000, 400_000, undefined, 4],
  );
  assert.deepEqual(problems, ['hollow-3: the layer has files with more than 1000000 bytes of holes']);
});

test('the stream may be cut anywhere', () => {
  const archive = tar(
    paxHeader({ path: 'a/very/long/name' }),
    { name: 'x', body: 'x'.repeat(1300) },
    { name: 'y', body: 'y'.repeat(512) },
    { name: 'z', type: '5' },
  );
  const whole = readAll(archive);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), (chunk) => {
      assert.deepEqual(readAll(archive, chunk), whole);
    }),
    { numRuns: 100 },
  );
});

test('what was written is read again, whatever the names and contents', () => {
  const part = fc.record({
    name: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
      .filter((name) => !/\0|\/$/.test(name)),
    body: fc.uint8Array({ maxLength: 1500 }),
  });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const archive = tar(
        ...parts.flatMap(({ name, body }) => [
          paxHeader({ path: name }),
          tarEntry({ name: 'x', body: Buffer.from(body) }),
        ]),
      );
      assert.deepEqual(
        readAll(archive, 333).seen.map(({ entry, bytes }) => [entry.name, bytes]),
        parts.map(({ name, body }) => [name, Buffer.from(body).toString('latin1')]),
      );
    }),
    { numRuns: 50 },
  );
});

test('archives cut off within an entry are told from those that end', () => {
  const archive = tar({ name: 'a', body: 'x'.repeat(600) });
  assert.equal(
    codeOf(() => readAll(archive.subarray(0, 700))),
    'GC_LAYER_TRUNCATED',
  );
  assert.equal(
    codeOf(() => readAll(archive.subarray(0, 100))),
    'GC_LAYER_TRUNCATED',
  );
  assert.equal(
    codeOf(() => readAll(archive.subarray(0, 512 + 1024))),
    '',
  );
  assert.equal(
    codeOf(() => readAll(Buffer.alloc(0))),
    '',
  );
});

test('headers that are none, too many entries and huge extensions end in coded errors', () => {
  assert.equal(
    codeOf(() => readAll(Buffer.alloc(2048, 0x41))),
    'GC_LAYER_MALFORMED',
  );
  const many = tar(...Array.from({ length: 11 }, (_, i) => ({ name: `f${i}` })));
  assert.equal(
    codeOf(() => readAll(many, 512, 10)),
    'GC_LAYER_TOO_MANY_ENTRIES',
  );
  const huge = tarEntry({ name: 'x', type: 'L', size: 2 ** 30 });
  assert.equal(
    codeOf(() => readAll(huge)),
    'GC_LAYER_MALFORMED',
  );
});

test('bytes of any kind never make it crash in another way', () => {
  const seed = tar(
    paxHeader({ path: 'p' }),
    { name: 'x', body: 'abc' },
    { name: 's', type: 'S', body: 'abc' },
  );
  const hit = fc.tuple(fc.nat(seed.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(hit, { minLength: 1, maxLength: 20 }), fc.boolean(), (hits, mend) => {
      const bytes = Buffer.from(seed);
      for (const [at, value] of hits) bytes[at] = value;
      if (mend) mendChecksums(bytes);
      assert.match(
        codeOf(() => readAll(bytes, 100)),
        /^(|GC_LAYER_\w+)$/,
      );
    }),
    { numRuns: 500 },
  );
});

/** Puts right checksums in, so that what is within is looked at. */
function mendChecksums(bytes: Buffer): void {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    const header = bytes.subarray(at, at + 512);
    header.fill(0x20, 148, 156);
    let sum = 0;
    for (const byte of header) sum += byte;
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
}
