// Files that are too large for memory, made as streams: a Go program with its build information at the end, and a jar with very many
// entries and archives in it.
import { crc32, deflateRawSync } from 'node:zlib';
import { buildElf } from '../../packages/image/src/analyzers/executable/testing.ts';
import { buildZip } from '../../packages/image/src/analyzers/jar/testing.ts';
import { tarEntry } from '../../packages/image/src/layers/testing/write-tar.ts';

const MIB = 2 ** 20;
type Chunks = Iterable<Buffer>;

/** Not all zeros, and packed in no time. */
const FILLER = Buffer.alloc(MIB, 'guardcell fills this file with sixty-four bytes of text, again.\n');

function goBuildInfo(): Buffer {
  const modules = [
    'path\texample.com/large',
    'mod\texample.com/large\t(devel)\t',
    'dep\tgolang.org/x/net\tv0.1.0\th1:aaaa=',
    '',
  ].join('\n');
  const wrapped = Buffer.concat([Buffer.alloc(16, 1), Buffer.from(modules), Buffer.alloc(16, 2)]);
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  const length = Buffer.from([(wrapped.length & 0x7f) | 0x80, wrapped.length >> 7]);
  return Buffer.concat([head, Buffer.from([8]), Buffer.from('go1.22.1'), length, wrapped]);
}

/** A Go program of about so many mebibytes; without section names its build information is searched for. */
export function* largeGoProgram(mebibytes: number): Generator<Buffer> {
  const small = buildElf([{ name: '.go.buildinfo', content: goBuildInfo(), writable: true }]).bytes;
  const added = BigInt(mebibytes * MIB);
  const headers = 64 + 56;
  const move = (at: number): void => {
    small.writeBigUInt64LE(small.readBigUInt64LE(at) + added, at);
  };
  const table = Number(small.readBigUInt64LE(0x28));
  for (let at = table + 64; at < small.length; at += 64) {
    move(at + 16);
    move(at + 24);
  }
  for (const at of [0x28, 64 + 32, 64 + 40]) move(at);
  yield small.subarray(0, headers);
  for (let i = 0; i < mebibytes; i += 1) yield FILLER;
  yield small.subarray(headers);
}

const pom = (artifact: string): { readonly name: string; readonly content: string } => ({
  name: `META-INF/maven/org.example/${artifact}/pom.properties`,
  content: `groupId=org.example\nartifactId=${artifact}\nversion=1.2.3\n`,
});

interface Member {
  readonly name: string;
  readonly stored: Buffer;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly size: number;
}

function* membersOf(mebibytes: number, entries: number): Generator<Member> {
  const plain = (name: string, stored: Buffer, crc = crc32(stored)): Member => ({
    name,
    stored,
    method: 0,
    crc,
    size: stored.length,
  });
  const packed = (name: string, content: Buffer): Member => ({
    name,
    stored: deflateRawSync(content, { level: 1 }),
    method: 8,
    crc: crc32(content),
    size: content.length,
  });
  yield packed('META-INF/MANIFEST.MF', Buffer.from('Manifest-Version: 1.0\n'));
  const tiny = Buffer.from('tiny');
  for (let i = 0; i < entries; i += 1) yield plain(`org/example/C${i}.class`, tiny, 0);
  yield plain(
    'lib/stored.jar',
    buildZip([pom('stored-inner'), { name: 'f', content: FILLER, stored: true }]),
  );
  const noise = Buffer.from(Array.from({ length: MIB }, (_, i) => (i * i * 31 + (i >> 8)) % 251));
  const fill = Array.from({ length: 24 }, (_, i) => ({ name: `f${i}`, content: noise, stored: true }));
  const deep = buildZip([pom('deepest')]);
  yield packed('lib/large.jar', buildZip([...fill, { name: 'deep.jar', content: deep }, pom('large-inner')]));
  const crc = crc32(FILLER);
  for (let i = 0; i < mebibytes; i += 1) yield plain(`data/${i}`, FILLER, crc);
  const { name, content } = pom('outer');
  yield packed(name, Buffer.from(content));
}

/** Names of the artifacts in a `largeJar`. */
export const LARGE_JAR_NAMES: readonly string[] = [
  'org.example:deepest',
  'org.example:large-inner',
  'org.example:outer',
  'org.example:stored-inner',
];

/** A jar of somewhat more than so many mebibytes, with a small archive that is stored in it and a large one that is packed. */
export function* largeJar(mebibytes: number, entries: number): Generator<Buffer> {
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, stored, method, crc, size } of membersOf(mebibytes, entries)) {
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(crc, 10);
    facts.writeUInt32LE(stored.length, 14);
    facts.writeUInt32LE(size, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), facts, Buffer.from(name), stored]);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), facts, place, Buffer.from(name)]));
    at += local.length;
    yield local;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(directory.length % 65_536, 8);
  end.writeUInt16LE(directory.length % 65_536, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  yield list;
  yield end;
}

export interface StreamedFile {
  readonly name: string;
  readonly mode: number;
  make(): Chunks;
}

/** A tar of files that are made twice: once to know how large they are. */
export function* streamedTar(...files: readonly StreamedFile[]): Generator<Buffer> {
  for (const { name, mode, make } of files) {
    let size = 0;
    for (const chunk of make()) size += chunk.length;
    yield tarEntry({ name, mode, size }).subarray(0, 512);
    yield* make();
    yield Buffer.alloc((512 - (size % 512)) % 512);
  }
  yield Buffer.alloc(1024);
}
