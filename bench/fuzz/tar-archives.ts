// Tar archives to damage: every dialect that GNU tar writes, and headers that no program writes.
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paxHeader, type TarPart, tar, tarEntry } from '../../packages/image/src/layers/testing/write-tar.ts';
import type { Random } from './random.ts';

const FORMATS: readonly (readonly string[])[] = [
  ['--format=v7'],
  ['--format=ustar'],
  ['--format=gnu'],
  ['--format=oldgnu'],
  ['--format=posix'],
  ['--format=gnu', '-S'],
  ['--format=posix', '-S', '--sparse-version=0.0'],
  ['--format=posix', '-S', '--sparse-version=0.1'],
  ['--format=posix', '-S', '--sparse-version=1.0'],
];

/** Small archives of one tree with links, long names, other alphabets and a file with holes. */
export function realArchives(): readonly Buffer[] {
  const dir = mkdtempSync(join(tmpdir(), 'gc-fuzz-tar-'));
  try {
    mkdirSync(join(dir, 'etc/ünïcödé'), { recursive: true });
    writeFileSync(join(dir, 'etc/os-release'), 'ID=debian\nVERSION_ID="12"\n');
    linkSync(join(dir, 'etc/os-release'), join(dir, 'etc/hard'));
    symlinkSync('../../../../etc/passwd', join(dir, 'etc/link'));
    const long = join(dir, 'd'.repeat(90), 'e'.repeat(60));
    mkdirSync(long, { recursive: true });
    writeFileSync(join(long, 'package.json'), '{"name":"a","version":"1.0.0"}');
    writeFileSync(join(dir, 'holes.pkg'), 'start');
    truncateSync(join(dir, 'holes.pkg'), 8000);
    return FORMATS.map((format) => archiveOf(dir, format));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Old formats refuse long names, but write the rest. */
function archiveOf(dir: string, format: readonly string[]): Buffer {
  const words = ['-C', dir, ...format, ...(format.includes('-S') ? ['--hole-detection=raw'] : []), '-c', '.'];
  const { stdout } = spawnSync('tar', words, { maxBuffer: 2 ** 24 });
  if (stdout.length === 0) throw new Error(`tar ${format.join(' ')} wrote nothing`);
  // Without the padding to whole records.
  return stdout.subarray(0, stdout.length - (stdout.length % 512) - emptyEnd(stdout));
}

function emptyEnd(archive: Buffer): number {
  let blocks = 0;
  while (archive.subarray(-512 * (blocks + 3), -512 * (blocks + 2) || undefined).every((byte) => byte === 0))
    blocks += 1;
  return blocks * 512;
}

const NAMES = [
  'a.pkg',
  './b.pkg',
  '../../c.pkg',
  '/d/e.pkg',
  '.wh.a.pkg',
  'x/.wh..wh..opq',
  'dir/',
  '',
  '.',
  '..',
  'a//b/./c.pkg',
  '\u0000x',
  '\ufffd.pkg',
];
const TYPES = [
  '0',
  '0',
  '0',
  '\0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  'S',
  'x',
  'g',
  'L',
  'K',
  'V',
  'M',
  'D',
  'N',
  'X',
  'A',
  'z',
  '\u00ff',
];
const RECORDS: readonly (readonly [string, readonly string[]])[] = [
  ['path', ['long.pkg', '../up.pkg', 'n'.repeat(5000), '']],
  ['linkpath', ['a.pkg', '/etc/shadow', 'l'.repeat(300)]],
  ['size', ['0', '3', '-1', '9007199254740993', '1e3', '0x10', 'NaN']],
  ['GNU.sparse.map', ['0,3', '0,3,10,4', '5', '0,999999999', '-1,2', '0,1e3']],
  ['GNU.sparse.size', ['20', '0', '99999999999999', 'x']],
  ['GNU.sparse.realsize', ['20', '4096', '99999999999999']],
  ['GNU.sparse.major', ['1', '0', '2']],
  ['GNU.sparse.minor', ['0', '1']],
  ['GNU.sparse.name', ['hollow.pkg', '']],
  ['GNU.sparse.offset', ['0', '5', '99999999999999999999']],
  ['GNU.sparse.numbytes', ['3', '0']],
  ['mtime', ['1.5']],
  ['SCHILY.xattr.user.x', ['\u0000\u0001=\n']],
];

/** An archive of headers as odd as they can be, with right checksums. */
export function oddArchive(random: Random): Buffer {
  const parts = random.many(1, 6, (): Buffer => {
    if (random.chance(0.3)) {
      const records = random.many(1, 4, () => {
        const [key, values] = random.pick(RECORDS);
        return [key, random.pick(values)];
      });
      return paxHeader(Object.fromEntries(records) as Record<string, string>);
    }
    return tarEntry(oddPart(random));
  });
  return random.chance(0.8) ? tar(...parts) : Buffer.concat(parts);
}

function oddPart(random: Random): TarPart {
  const body = random.chance(0.1)
    ? Buffer.alloc(random.below(3000), 'x')
    : random.pick(['', 'a', 'abc', '1\n0\n3\nabc', 'name.pkg\0']);
  const sized = random.chance(0.15) ? { size: random.pick([0, 1, 511, 512, 513, 2 ** 20, 2 ** 33 - 1]) } : {};
  return {
    name: random.pick(NAMES),
    type: random.pick(TYPES),
    body,
    link: random.pick(NAMES),
    prefix: random.chance(0.1) ? random.pick(NAMES) : '',
    ...sized,
    edit: (header) => {
      for (let left = random.chance(0.6) ? 0 : random.below(4); left > 0; left -= 1) {
        // Fields of numbers, magic, sparse maps.
        const at = random.pick([100, 108, 116, 124, 136, 257, 263, 329, 345, 386, 398, 482, 483, 495]);
        if (random.chance(0.3)) header[at] = random.pick([0x80, 0xff, 0xc0, 0x20, 0x37]);
        else
          header.write(
            random.pick(['7777777', '0000003\0', ' 12 ', '9', '-1', 'abc', '\0\0\0\0']),
            at,
            'latin1',
          );
      }
    },
  };
}
