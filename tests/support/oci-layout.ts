// Images for tests as OCI layout folders: one gzipped layer for each folder, with the modes that its files have.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface LayoutImage {
  /** Roots of the layers, lowest first. */
  readonly layers: readonly string[];
  /** The `config` member: User, Env, Healthcheck … */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly history?: readonly { readonly created_by: string; readonly empty_layer?: boolean }[];
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Writes the layout with one image, tagged `tag`. */
export function writeLayout(folder: string, tag: string, image: LayoutImage): void {
  const blobs = join(folder, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  function blob(mediaType: string, bytes: Buffer): Readonly<Record<string, unknown>> {
    const digest = digestOf(bytes);
    writeFileSync(join(blobs, digest.slice(7)), bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest, size: bytes.length };
  }
  const tars = image.layers.map((root) =>
    execFileSync(
      'tar',
      [
        '-C',
        root,
        '--numeric-owner',
        '--owner=0',
        '--group=0',
        '--mtime=@0',
        '--sort=name',
        '--xattrs-include=security.capability',
        // which implies the pax format, whose times would give one content another digest each time
        '--pax-option=delete=atime,delete=ctime',
        '-c',
        '.',
      ],
      {
        maxBuffer: 2 ** 30,
      },
    ),
  );
  const layers = tars.map((tar) => blob('layer.v1.tar+gzip', gzipSync(tar)));
  const config = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: image.history ?? [],
    config: image.config ?? {},
  };
  const manifest = blob(
    'manifest.v1+json',
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: blob('config.v1+json', Buffer.from(JSON.stringify(config))),
        layers,
      }),
    ),
  );
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  );
}
