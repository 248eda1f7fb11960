// Layers that are made to hurt: very many files, bombs. They are made as streams; nothing large is ever whole in memory.
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { tarEntry } from '../../packages/image/src/layers/testing/write-tar.ts';

const MIB = 2 ** 20;
const END = Buffer.alloc(1024);

/** So many tiny files, a thousand in a folder, as a tar. */
export function* manyFiles(count: number): Generator<Buffer> {
  const entry = tarEntry({ name: 'data/d000000/f0000000', body: 'tiny file\n' });
  // Only the digits of the name differ: the rest of the checksum is the same for all.
  const rest =
    Number.parseInt(entry.toString('latin1', 148, 154), 8) - byteSum(entry, 6, 12) - byteSum(entry, 14, 21);
  const chunk: Buffer[] = [];
  for (let i = 0; i < count; i += 1) {
    const one = Buffer.from(entry);
    one.write(String(Math.floor(i / 1000)).padStart(6, '0'), 6, 'latin1');
    one.write(String(i).padStart(7, '0'), 14, 'latin1');
    const checksum = rest + byteSum(one, 6, 12) + byteSum(one, 14, 21);
    one.write(checksum.toString(8).padStart(6, '0'), 148, 'latin1');
    chunk.push(one);
    if (chunk.length === 256) yield Buffer.concat(chunk.splice(0));
  }
  yield Buffer.concat([...chunk, END]);
}

function byteSum(bytes: Buffer, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += bytes[i] ?? 0;
  return sum;
}

/** A compressed tar of one file of zeros, as large as asked (members or frames one after the other). */
export function* zeroBomb(packing: 'gzip' | 'zstd', gigabytes: number): Generator<Buffer> {
  const pack = packing === 'gzip' ? gzipSync : zstdCompressSync;
  yield pack(tarEntry({ name: 'zeros', size: gigabytes * 1024 * MIB }).subarray(0, 512));
  const part = pack(Buffer.alloc(64 * MIB));
  for (let i = 0; i < gigabytes * 16; i += 1) yield part;
}

/** A jar whose description unpacks to a gigabyte, and which names one nested jar with the same ten thousand times. */
export function jarBomb(): Buffer {
  const inner = zip([
    { name: 'META-INF/maven/a/b/pom.properties', plain: Buffer.alloc(1024 * MIB), times: 1 },
  ]);
  return zip([
    { name: 'META-INF/maven/a/b/pom.properties', plain: Buffer.alloc(1024 * MIB), times: 1 },
    { name: 'lib/nested.jar', plain: inner, times: 10_000 },
  ]);
}

interface ZipPart {
  readonly name: string;
  readonly plain: Buffer;
  /** Entries of the directory that lead to the same bytes. */
  readonly times: number;
}

function zip(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  let entries = 0;
  for (const { name, plain, times } of parts) {
    const packed = deflateRawSync(plain);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(plain), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(plain.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const central = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), facts, place, Buffer.from(name)]);
    files.push(Buffer.from('PK\u0003\u0004'), facts, Buffer.from(name), packed);
    for (let i = 0; i < times; i += 1) directory.push(central);
    entries += times;
    at += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, list, end]);
}

/** Files that state a hundred megabytes of holes each and store none of them. */
export function* sparseBomb(count: number): Generator<Buffer> {
  for (let i = 0; i < count; i += 1) {
    yield tarEntry({
      name: `holes/${i}/package-lock.json`,
      type: 'S',
      edit: (header) => {
        // One empty piece at the end; the real size after the map.
        header.write(`${(20 * MIB).toString(8).padStart(11, '0')}\0`, 386, 'latin1');
        header.write('00000000000\0', 398, 'latin1');
        header.write(`${(20 * MIB).toString(8).padStart(11, '0')}\0`, 483, 'latin1');
      },
    });
  }
  yield END;
}

/** One file as a tar. */
export function* oneFile(name: string, body: Buffer): Generator<Buffer> {
  yield tarEntry({ name, body });
  yield END;
}
