// Members of archives of each kind, within each other, damaged, encrypted, and more than may be unpacked.
import assert from 'node:assert/strict';
import test from 'node:test';
import { constants, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { buildZip } from '../analyzers/jar/testing.ts';
import { heldContent } from '../content/file-content.ts';
import { openTemporaryFile } from '../content/temporary-file.ts';
import { paxHeader, type TarPart, tar } from '../layers/testing/write-tar.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './archive-limits.ts';
import { type ArchiveMember, SCAN_SPENT } from './archive-walk.ts';
import { type ArchiveReading, type ReadArchiveOptions, readArchive } from './read-archive.ts';

interface Seen extends Partial<ArchiveReading> {
  readonly isArchive: boolean;
  /** Content by place. */
  readonly members: Readonly<Record<string, string>>;
  readonly facts: readonly ArchiveMember[];
}

interface Options extends ReadArchiveOptions {
  readonly wants?: (member: ArchiveMember) => boolean;
  readonly visitsArchives?: boolean;
}

function readHeld(bytes: Uint8Array, path: string, options: Options, isStored: boolean): Seen {
  const members: Record<string, string> = {};
  const facts: ArchiveMember[] = [];
  const visitor = {
    wants: options.wants ?? (() => true),
    visitsArchives: options.visitsArchives ?? false,
    visit(member: ArchiveMember, content: Buffer): void {
      members[member.place] = content.toString('latin1');
      facts.push(member);
    },
  };
  const file = isStored ? openTemporaryFile() : undefined;
  try {
    file?.write(bytes);
    const reading = readArchive(file?.content() ?? heldContent(bytes), path, visitor, options);
    return { isArchive: reading !== undefined, members, facts, ...reading };
  } finally {
    file?.close();
  }
}

/** In memory and from disk: both give the same. */
function read(bytes: Uint8Array, path: string, options: Options = {}): Seen {
  const held = readHeld(bytes, path, options, false);
  assert.deepEqual(readHeld(bytes, path, options, true), held);
  return held;
}

const limited = (limits: Partial<ArchiveLimits>): Options => ({ limits: { ...ARCHIVE_LIMITS, ...limits } });
const zip = (members: Readonly<Record<string, string | Buffer>>, stored = false): Buffer =>
  buildZip(Object.entries(members).map(([name, content]) => ({ name, content, stored })));
const tarOf = (members: Readonly<Record<string, string | Buffer>>): Buffer =>
  tar(...Object.entries(members).map(([name, body]): TarPart => ({ name, body })));

test('members of every kind of archive are given with their place', () => {
  const members = { 'a/x.php': 'shell', 'y.sh': 'script' };
  const plain = { ...members };
  for (const name of ['a.zip', 'a.jar', 'a.war', 'a.ear', 'a.whl', 'a.nupkg', 'a.apk'])
    assert.deepEqual(read(zip(members), `/srv/${name}`).members, plain, name);
  assert.deepEqual(read(zip(members, true), '/srv/stored.zip').members, plain);
  const archive = tarOf({ './a/x.php': 'shell', '/y.sh': 'script' });
  for (const name of ['a.tar', 'executable'])
    assert.deepEqual(read(archive, `/srv/${name}`).members, plain, name);
  for (const name of ['a.tgz', 'a.tar.gz', 'without-ending'])
    assert.deepEqual(read(gzipSync(archive), `/srv/${name}`).members, plain, name);
  for (const name of ['a.tar.zst', 'a.tzst'])
    assert.deepEqual(read(zstdCompressSync(archive), `/srv/${name}`).members, plain, name);
  assert.deepEqual(read(gzipSync('script'), '/srv/y.sh.gz').members, { 'y.sh': 'script' });
  assert.deepEqual(read(zstdCompressSync('script'), '/srv/y.sh.zst').members, { 'y.sh': 'script' });
});

test('archives within archives are opened, and named like nested Java archives', () => {
  const inner = zip({ 'x.jsp': 'page' });
  const war = zip({ 'WEB-INF/lib/in.jar': inner, 'index.jsp': 'top' });
  const all = gzipSync(tarOf({ 'srv/app.war': war, 'run.sh.gz': gzipSync('script') }));
  assert.deepEqual(read(all, '/a.tgz').members, {
    'srv/app.war!/WEB-INF/lib/in.jar!/x.jsp': 'page',
    'srv/app.war!/index.jsp': 'top',
    'run.sh.gz!/run.sh': 'script',
  });
  assert.deepEqual(Object.keys(read(all, '/a.tgz', { visitsArchives: true }).members), [
    'srv/app.war!/WEB-INF/lib/in.jar!/x.jsp',
    'srv/app.war!/WEB-INF/lib/in.jar',
    'srv/app.war!/index.jsp',
    'srv/app.war',
    'run.sh.gz!/run.sh',
    'run.sh.gz',
  ]);
});

test('large archives within archives go over the disk, and what is as large itself is given up', () => {
  const filling = Buffer.from(Array.from({ length: 9 * 2 ** 20 }, (_, i) => (i * i * 31 + (i >> 9)) & 255));
  const members = { 'x.php': 'shell', 'filling.bin': filling };
  const options = { ...limited({ memberBytes: 4 * 2 ** 20 }) };
  for (const [name, inner] of [
    ['in.zip', zip(members, true)],
    ['in.tar', tarOf(members)],
    ['in.tgz', gzipSync(tarOf(members), { level: 1 })],
  ] as const) {
    for (const outer of [
      tarOf({ [name]: inner }),
      zip({ [name]: inner }),
      gzipSync(tarOf({ [name]: inner })),
    ]) {
      const { members: got, skipped } = read(outer, '/outer.zip', options);
      assert.deepEqual(got, { [`${name}!/x.php`]: 'shell' }, name);
      assert.deepEqual(skipped, [{ place: `${name}!/filling.bin`, reason: 'larger than 4 MiB', count: 1 }]);
    }
  }
});

test('permissions come from the archive; names without an extension are programs, whatever they have lost', () => {
  const facts = (bytes: Buffer, path: string): Record<string, number> =>
    Object.fromEntries(read(bytes, path).facts.map(({ place, mode }) => [place, mode]));
  assert.deepEqual(facts(tar({ name: 'run', mode: 0o4755, body: 'x' }), '/a.tar'), { run: 0o4755 });
  assert.deepEqual(facts(zip({ 'bin/run': 'x', 'a.txt': 'x' }), '/a.zip'), {
    'bin/run': 0o755,
    'a.txt': 0o644,
  });
  assert.deepEqual(
    facts(tar({ name: 'run', mode: 0o600, body: 'x' }, { name: 'a.md', body: 'x' }), '/a.tar'),
    {
      run: 0o711,
      'a.md': 0o644,
    },
  );
  const byUnix = zip({ 'a.txt': 'x' });
  const at = byUnix.indexOf('PK\x01\x02');
  byUnix[at + 5] = 3;
  byUnix.writeUInt16LE(0o100711, at + 40);
  assert.deepEqual(facts(byUnix, '/a.zip'), { 'a.txt': 0o711 });
  byUnix.writeUInt16LE(0o120777, at + 40);
  assert.deepEqual(facts(byUnix, '/a.zip'), {});
  assert.deepEqual(facts(gzipSync('#!/bin/sh\n'), '/run.gz'), { run: 0o755 });
  assert.deepEqual(facts(gzipSync('words'), '/README.gz'), { README: 0o644 });
});

test('whoever says that there is nothing in a member is not believed', () => {
  const wants = ({ size }: ArchiveMember): boolean => size >= 12;
  const script = 'script '.repeat(50);
  const lying = zip({ 'a.sh': script });
  for (const at of [lying.indexOf('PK\x03\x04') + 22, lying.indexOf('PK\x01\x02') + 24])
    lying.writeUInt32LE(0, at);
  assert.deepEqual(read(lying, '/a.zip', { wants }).members, { 'a.sh': script });
  const packed = zstdCompressSync(script, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
  assert.deepEqual(read(packed, '/a.sh.zst', { wants }).members, { 'a.sh': script });
  const gzip = Buffer.concat([gzipSync(script), Buffer.alloc(4)]);
  assert.deepEqual(read(gzip, '/a.sh.gz', { wants }).members, { 'a.sh': script });
});

test('what nobody wants is not unpacked', () => {
  const wants = ({ path }: ArchiveMember): boolean => path.endsWith('.php');
  const damaged = zip({ 'a.txt': 'words', 'b.php': 'shell' });
  damaged.fill(0xff, 35, 40);
  assert.deepEqual(read(damaged, '/a.zip', { wants }).skipped, []);
  assert.deepEqual(read(gzipSync(Buffer.alloc(100)).subarray(0, 20), '/x.1.gz', { wants }).skipped, []);
});

test('members that are encrypted or packed in unknown ways are named, and the others are read', () => {
  const archive = zip({ 'a.sh': 'secret', 'b.sh': 'secret', 'c.sh': 'open' });
  const second = archive.indexOf('PK\x03\x04', 4);
  for (const at of [0, second]) archive[at + 6] = 1;
  const { members, skipped } = read(archive, '/a.zip');
  assert.deepEqual(members, { 'c.sh': 'open' });
  assert.deepEqual(skipped, [{ place: 'a.sh', reason: 'entry is encrypted', count: 2 }]);
  const bzip = zip({ 'a.sh': 'x' });
  bzip.writeUInt16LE(12, bzip.indexOf('PK\x01\x02') + 10);
  assert.deepEqual(read(bzip, '/a.zip').skipped, [
    { place: 'a.sh', reason: 'compression method 12 is not supported', count: 1 },
  ]);
});

test('what comes before damage stands, and damage within an archive is its own', () => {
  const broken = tarOf({ 'x.sh': 'script', 'y.sh': 'gone' });
  broken.fill(0x41, 1024, 1100);
  const whole = tarOf({ 'bad.tar': broken, 'bad.zip': zip({ 'q.sh': 'q' }).subarray(0, 40), 'z.sh': 'last' });
  const { members, skipped } = read(whole, '/a.tar');
  assert.deepEqual(members, { 'bad.tar!/x.sh': 'script', 'z.sh': 'last' });
  assert.deepEqual(skipped, [
    { place: 'bad.tar', reason: 'the tar archive is damaged', count: 0 },
    { place: 'bad.zip', reason: 'ZIP directory is cut or broken', count: 0 },
  ]);
  let state = 1;
  const noise = Buffer.from(
    Array.from({ length: 200_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    }),
  );
  const packed = gzipSync(tarOf({ 'x.sh': 'script', 'y.bin': noise }));
  const cut = read(packed.subarray(0, packed.length / 2), '/a.tgz');
  assert.deepEqual(cut.members, { 'x.sh': 'script' });
  assert.deepEqual(cut.skipped, [
    { place: '', reason: 'the compressed data are damaged or cut off', count: 0 },
  ]);
  const frame = zstdCompressSync(tarOf({ 'x.sh': 'script', 'y.bin': noise }));
  const cutFrame = read(frame.subarray(0, frame.length / 2), '/a.tar.zst');
  assert.deepEqual(cutFrame.members, { 'x.sh': 'script' });
  assert.deepEqual(cutFrame.skipped?.slice(-1), cut.skipped);
  assert.equal(
    read(tarOf({ 'x.sh': 'script' }).subarray(0, 700), '/a.tar').skipped?.[0]?.reason,
    'the tar archive is cut off',
  );
});

test('what only has the name of an archive is none; as a member it is a file', () => {
  for (const name of ['a.zip', 'a.tar', 'a.tgz', 'a.gz', 'a.zst'])
    assert.equal(read(Buffer.from('words, words, words'), `/srv/${name}`).isArchive, false, name);
  assert.deepEqual(read(tarOf({ 'a.zip': '<?php' }), '/a.tar').members, { 'a.zip': '<?php' });
});

test('archives behind a script are opened by their name, and several gzip members are one file', () => {
  const started = Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0"\n'), zip({ 'x.sh': 'script' })]);
  assert.deepEqual(read(started, '/srv/app.jar').members, { 'x.sh': 'script' });
  assert.deepEqual(Object.keys(read(tarOf({ 'app.jar': started }), '/a.tar').members), [
    'app.jar!/x.sh',
    'app.jar',
  ]);
  const archive = tarOf({ 'x.sh': 'script', 'y.sh': 'more' });
  const parts = Buffer.concat([gzipSync(archive.subarray(0, 700)), gzipSync(archive.subarray(700))]);
  const expected = { 'x.sh': 'script', 'y.sh': 'more' };
  assert.deepEqual(read(parts, '/a.tgz').members, expected);
  // Nothing fits into memory: by pieces.
  assert.deepEqual(read(parts, '/a.tgz', limited({ memberBytes: 1000 })).members, expected);
  const named = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0]),
    Buffer.from('abcname\0words\0\0\0', 'latin1'),
    deflateRawSync(archive),
    Buffer.alloc(8),
  ]);
  assert.deepEqual(read(named, '/a.tgz', limited({ memberBytes: 1000 })).members, expected);
});

test('large zstd files are unpacked by pieces, to where they are damaged, and not too many of them', () => {
  const noise = (seed: number): Buffer =>
    Buffer.from(Array.from({ length: 2 ** 20 }, (_, i) => ((i * i * seed) >> 5) ^ (i >> 3)));
  const members = {
    'x.sh': 'script',
    'a.bin': noise(31),
    'y.sh': 'more',
    'b.bin': noise(37),
    'z.sh': 'last',
  };
  const archive = tarOf(members);
  const frames = [archive.subarray(0, 700_000), archive.subarray(700_000)].map((part) =>
    zstdCompressSync(part),
  );
  const options = { ...limited({ memberBytes: 2 ** 20 - 1 }) };
  const scripts = { 'x.sh': 'script', 'y.sh': 'more', 'z.sh': 'last' };
  for (const packed of [zstdCompressSync(archive), Buffer.concat(frames)]) {
    const { members: got, skipped } = read(packed, '/a.tar.zst', options);
    assert.deepEqual(got, scripts);
    assert.deepEqual(
      skipped?.map(({ place }) => place),
      ['a.bin'],
    );
  }
  const cut = read(Buffer.concat(frames).subarray(0, -2000), '/a.tar.zst', options);
  assert.deepEqual(cut.members, { 'x.sh': 'script', 'y.sh': 'more' });
  assert.ok(cut.skipped?.some(({ reason }) => reason === 'the compressed data are damaged or cut off'));
  const wide = zstdCompressSync(archive, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
  // Window_Descriptor: 2 to the 27.
  wide[5] = (27 - 10) << 3;
  assert.deepEqual(read(wide, '/a.tar.zst', options).members, {});
  const liar = zstdCompressSync(Buffer.alloc(9 * 2 ** 20, 'ab'));
  const many = tarOf(Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`${i}.tar.zst`, liar])));
  const { skipped } = readHeld(many, '/a.tar', limited({ ratio: 1e6 }), false);
  assert.equal(skipped?.filter(({ reason }) => reason === 'too many large zstd files in it').length, 2);
});

test('depth, members, bytes, ratio and the bytes of a scan are bounded, and each bound is named', () => {
  let nested = zip({ 'x.sh': 'script' });
  for (let i = 0; i < 5; i += 1) nested = zip({ [`l${i}.zip`]: nested });
  const reasons = (bytes: Buffer, path: string, limits: Partial<ArchiveLimits>): unknown[] =>
    (read(bytes, path, limited(limits)).skipped ?? []).map(({ place, reason }) => [place, reason]);
  assert.deepEqual(reasons(nested, '/a.zip', {}), [
    ['l4.zip!/l3.zip!/l2.zip!/l1.zip', 'more than 3 archives within each other'],
  ]);
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.sh`, 'script']));
  assert.deepEqual(reasons(tarOf(many), '/a.tar', { members: 20 }), [['', 'more than 20 members']]);
  assert.deepEqual(reasons(zip(many), '/a.zip', { members: 20 }), [['', 'more than 20 ZIP entries']]);
  assert.deepEqual(reasons(tarOf(many), '/a.tar', { reads: 20 }), [['', 'more than 20 members to look at']]);
  const bad = Buffer.concat([gzipSync('script').subarray(0, 10), Buffer.alloc(20, 0xff)]);
  const broken = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.sh.gz`, bad]));
  assert.deepEqual(reasons(tarOf(broken), '/a.tar', { broken: 20 }).at(-1), [
    '',
    'more than 20 broken members',
  ]);
  const damaged = zip(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.sh`, 'a'.repeat(500)])));
  for (let at = damaged.indexOf('PK\x03\x04'); at >= 0; at = damaged.indexOf('PK\x03\x04', at + 4)) {
    const start = at + 30 + damaged.readUInt16LE(at + 26);
    damaged.fill(0xff, start, start + 4);
  }
  assert.deepEqual(reasons(damaged, '/a.zip', { broken: 20 }).at(-1), ['', 'more than 20 broken members']);
  const zeros = { 'a.sh': Buffer.alloc(2 ** 21), 'b.sh': Buffer.alloc(2 ** 21) };
  const small = { unpackedBytes: 3 * 2 ** 20 };
  for (const [name, bytes] of [
    ['a.zip', zip(zeros)],
    ['a.tgz', gzipSync(tarOf(zeros))],
    ['a.tar.zst', zstdCompressSync(tarOf(zeros))],
  ] as const) {
    const told = reasons(bytes, `/${name}`, small);
    assert.match(JSON.stringify(told), /unpacks to more than 3 MiB/, name);
    const ratio = reasons(bytes, `/${name}`, { ratioFrom: 2 ** 20 });
    assert.deepEqual(ratio, [['', 'unpacks to more than 200 times its size']], name);
  }
  assert.deepEqual(reasons(gzipSync(tarOf(zeros)), '/a.tgz', { ...small, memberBytes: 2 ** 20 }).at(-1), [
    '',
    'unpacks to more than 3 MiB',
  ]);
  const spent = readHeld(zip(zeros), '/a.zip', { budget: { bytesLeft: 2 ** 20 } }, false);
  assert.equal(spent.passing, SCAN_SPENT);
  assert.deepEqual(spent.skipped, []);
});

test('names lead nowhere, and long ones with extended headers are read', () => {
  const long = `${'d/'.repeat(200)}x.sh`;
  const archive = tar(
    { name: '../../etc/cron.d/x', body: 'a' },
    paxHeader({ path: long }),
    { name: 'short', body: 'b' },
    { name: 'link', type: '2', link: '/etc/passwd' },
    { name: 'folder/', type: '5' },
  );
  assert.deepEqual(read(archive, '/a.tar').members, { 'etc/cron.d/x': 'a', [long]: 'b' });
});

test('nothing throws, whatever the bytes', () => {
  const base = [
    zip({ 'a.sh': 'script', 'in.tgz': gzipSync(tarOf({ 'x.sh': 'x'.repeat(900) })) }),
    tarOf({ 'a.sh': 'script', 'in.jar': zip({ 'x.class': 'y' }) }),
    gzipSync(tarOf({ 'a.sh': 'script', 'b.gz': gzipSync('z') })),
    zstdCompressSync(tarOf({ 'a.sh': 'script' })),
  ];
  const names = ['/a.zip', '/a.tar', '/a.tgz', '/a.tar.zst', '/a.gz', '/a'];
  const change = fc.record({ at: fc.nat(4000), value: fc.nat(255) });
  fc.assert(
    fc.property(
      fc.constantFrom(...base),
      fc.constantFrom(...names),
      fc.array(change, { maxLength: 12 }),
      fc.option(fc.nat(4000)),
      (start, name, changes, cut) => {
        const bytes = Buffer.from(cut === null ? start : start.subarray(0, cut));
        for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value;
        const { skipped = [] } = readHeld(bytes, name, limited({ unpackedBytes: 2 ** 22 }), false);
        for (const { reason } of skipped) assert.ok(reason.length > 3);
      },
    ),
    { numRuns: 400 },
  );
});
