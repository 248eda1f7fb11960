// Decompression by what the bytes say, whatever the file is called.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { CodedError } from '@guardcell/kit';

/** No feed is larger than this when unpacked; a bomb is. */
const MAX_FEED_BYTES: number = 8 * 2 ** 30;

export type Packing = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'none';

/** First bytes of a file, fewer when it is shorter. */
export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export function packingOf(head: Buffer): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (head.subarray(0, 6).equals(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]))) return 'xz';
  if (head.subarray(0, 3).toString('latin1') === 'BZh') return 'bzip2';
  return 'none';
}

/** xz and bzip2 are not in Node; the programs are on every distribution. */
function throughProgram(path: string, program: 'xz' | 'bzip2'): Readable {
  const child = spawn(program, ['-dc', '--', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const output = new PassThrough();
  const fail = (message: string, hint: string): void => {
    output.destroy(new CodedError('GC_FEED_UNPACK', message, { at: path, hint }));
  };
  child.on('error', () =>
    fail(
      `the program ${program} is needed to unpack this file`,
      `Install it: apt-get install ${program}${program === 'xz' ? '-utils' : ''}.`,
    ),
  );
  output.on('close', () => child.kill());
  child.stdout.pipe(output, { end: false });
  child.on('close', (code) => {
    if (code === 0) output.end();
    else fail(`${program} could not unpack the file`, 'Fetch the file again.');
  });
  return output;
}

function unpacked(path: string, packing: Packing): Readable {
  if (packing === 'xz' || packing === 'bzip2') return throughProgram(path, packing);
  const file = createReadStream(path);
  if (packing === 'none') return file;
  const through = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  return pipeline(file, through, () => {}) as unknown as Readable;
}

/**
 * The content of a file, decompressed.
 * @throws CodedError GC_FEED_UNPACK for damaged or cut files and for more than `MAX_FEED_BYTES`.
 */
export async function* readUnpacked(path: string): AsyncGenerator<Buffer> {
  let total = 0;
  const packing = packingOf(await firstBytes(path, 8));
  try {
    for await (const chunk of unpacked(path, packing)) {
      total += (chunk as Buffer).length;
      if (total > MAX_FEED_BYTES) {
        throw new CodedError('GC_FEED_UNPACK', `the file unpacks to more than ${MAX_FEED_BYTES} bytes`, {
          at: path,
        });
      }
      yield chunk as Buffer;
    }
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError('GC_FEED_UNPACK', 'the file is damaged or cut off', {
      at: path,
      hint: 'Fetch the file again.',
      cause,
    });
  }
}
