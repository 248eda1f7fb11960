// Writes images as OCI layout folders: of layers given as tar bytes or streams, packed as asked.
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';

export type Packing = 'none' | 'gzip' | 'zstd';

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

/** A tar to pack, or the bytes as they are to be stored, whose content then has no true digest. */
export type LayerInput =
  | { readonly tar: Chunks; readonly packing: Packing }
  | { readonly stored: Chunks; readonly packing: Packing };

export interface WrittenLayer {
  readonly diffId: string;
  /** Uncompressed. */
  readonly bytes: number;
  /** Stored. */
  readonly size: number;
}

const TYPE = 'application/vnd.oci.image';
const SUFFIX: Readonly<Record<Packing, string>> = { none: '', gzip: '+gzip', zstd: '+zstd' };

function packer(packing: Packing): Transform {
  if (packing === 'gzip') return createGzip({ level: 6 });
  return packing === 'zstd' ? createZstdCompress() : new PassThrough();
}

async function* counted(chunks: Chunks, each: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    each(chunk);
    yield chunk;
  }
}

/** Writes `folder` as an OCI layout with one image of these layers, lowest first. */
export async function writeStreamedLayout(
  folder: string,
  layers: readonly LayerInput[],
): Promise<WrittenLayer[]> {
  const blobs = join(folder, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const blob = (value: unknown): { readonly digest: string; readonly size: number } => {
    const bytes = Buffer.from(JSON.stringify(value));
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, hex), bytes);
    return { digest: `sha256:${hex}`, size: bytes.length };
  };
  const written: (WrittenLayer & { readonly descriptor: object })[] = [];
  for (const layer of layers) {
    const { packing } = layer;
    const [plain, stored] = [createHash('sha256'), createHash('sha256')];
    let [bytes, size] = [0, 0];
    const aside = join(blobs, 'writing');
    const packed =
      'stored' in layer
        ? layer.stored
        : Readable.from(
            counted(layer.tar, (chunk) => {
              plain.update(chunk);
              bytes += chunk.length;
            }),
            { objectMode: false },
          ).pipe(packer(packing));
    const sink = counted(packed as Chunks, (chunk) => {
      stored.update(chunk);
      size += chunk.length;
    });
    await pipeline(sink, createWriteStream(aside));
    const hex = stored.digest('hex');
    renameSync(aside, join(blobs, hex));
    const descriptor = {
      mediaType: `${TYPE}.layer.v1.tar${SUFFIX[packing]}`,
      digest: `sha256:${hex}`,
      size,
    };
    written.push({ diffId: `sha256:${plain.digest('hex')}`, bytes, size, descriptor });
  }
  const rootfs = { type: 'layers', diff_ids: written.map(({ diffId }) => diffId) };
  const config = {
    mediaType: `${TYPE}.config.v1+json`,
    ...blob({ architecture: 'amd64', os: 'linux', rootfs }),
  };
  const mediaType = `${TYPE}.manifest.v1+json`;
  const manifest = {
    mediaType,
    ...blob({ schemaVersion: 2, mediaType, config, layers: written.map(({ descriptor }) => descriptor) }),
  };
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return written.map(({ diffId, bytes: plainBytes, size }) => ({ diffId, bytes: plainBytes, size }));
}
