// A small image for tests, in memory: blobs by digest, and writers for the forms in which images are kept.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { digestOfBytes } from '../digest.ts';

const OCI = 'application/vnd.oci.image';

export interface SampleImage {
  /** Manifest, configuration and layers. */
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly manifest: Buffer;
  readonly manifestDigest: string;
  readonly config: Buffer;
  readonly layerTar: Buffer;
  readonly layer: Buffer;
  readonly diffId: string;
}

interface TarEntry {
  readonly name: string;
  readonly content?: Buffer;
  /** Makes it a symbolic link. */
  readonly link?: string;
}

function tarHeader({ name, content, link }: TarEntry): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${(content?.length ?? 0).toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(link === undefined ? '0' : '2', 156);
  block.write(link ?? '', 157, 100);
  block.write('ustar\x0000', 257);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A tar of these entries. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = entry.content ?? Buffer.alloc(0);
    return [tarHeader(entry), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function descriptor(mediaType: string, bytes: Buffer): Record<string, unknown> {
  return { mediaType, digest: digestOfBytes(bytes), size: bytes.length };
}

export interface SampleOptions {
  readonly architecture?: string;
  readonly variant?: string;
  readonly layerType?: string;
  /** Bytes in the layer's one file. */
  readonly fileBytes?: number;
}

/** An image of one gzipped layer with one file that does not compress. */
export function sampleImage(options: SampleOptions = {}): SampleImage {
  const {
    architecture = 'amd64',
    variant,
    layerType = `${OCI}.layer.v1.tar+gzip`,
    fileBytes = 200_000,
  } = options;
  let state = 7;
  const content = Buffer.from(
    Array.from({ length: fileBytes }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    }),
  );
  const layerTar = tarOf([{ name: 'etc/os-release', content }]);
  const layer = gzipSync(layerTar);
  const diffId = digestOfBytes(layerTar);
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture,
      ...(variant === undefined ? {} : { variant }),
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [{ created_by: 'ADD rootfs /' }, { created_by: 'USER app', empty_layer: true }],
      config: { User: 'app', Env: ['PATH=/bin'], Healthcheck: { Test: ['CMD', '/bin/true'] } },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${OCI}.manifest.v1+json`,
      config: descriptor(`${OCI}.config.v1+json`, config),
      layers: [descriptor(layerType, layer)],
    }),
  );
  const blobs = new Map([manifest, config, layer].map((bytes) => [digestOfBytes(bytes), bytes]));
  return { blobs, manifest, manifestDigest: digestOfBytes(manifest), config, layerTar, layer, diffId };
}

/** An index of images for platforms such as `linux/arm/v7`. */
export function indexOf(images: readonly (readonly [platform: string, image: SampleImage])[]): Buffer {
  const manifests = images.map(([platform, image]) => {
    const [os, architecture, variant] = platform.split('/');
    const asked = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    return { ...descriptor(`${OCI}.manifest.v1+json`, image.manifest), platform: asked };
  });
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests }));
}

/** The files of an OCI layout by name; tags point to images. */
export function layoutFiles(images: Readonly<Record<string, SampleImage>>): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>([['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')]]);
  const manifests = Object.entries(images).map(([tag, image]) => {
    for (const [digest, bytes] of image.blobs) files.set(`blobs/${digest.replace(':', '/')}`, bytes);
    const annotations = { 'org.opencontainers.image.ref.name': tag };
    return { ...descriptor(`${OCI}.manifest.v1+json`, image.manifest), annotations };
  });
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })));
  return files;
}

export function writeFolder(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of files) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** What `docker save` wrote before version 25; the second image shares its layer by a link. */
export function dockerArchive(image: SampleImage, tags: readonly string[] = ['sample:1']): Buffer {
  const id = digestOfBytes(image.config).slice(7);
  const manifest = tags.map((tag, at) => ({
    Config: `${id}.json`,
    RepoTags: [tag],
    Layers: [`layer${at}/layer.tar`],
  }));
  return tarOf([
    { name: 'layer0/layer.tar', content: image.layerTar },
    ...tags.slice(1).map((_, at) => ({ name: `layer${at + 1}/layer.tar`, link: '../layer0/layer.tar' })),
    { name: `${id}.json`, content: image.config },
    { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
  ]);
}
