// Export and import: a folder that is a mirror, or one file.
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, constants as zlib } from 'node:zlib';
import { CodedError, makeFolder } from '@guardcell/kit';
import { openDatabase } from '../database/open.ts';
import { makeDelta } from './delta.ts';
import { MANIFEST_NAME, type Manifest, type OfferedFile } from './manifest.ts';
import { fromMirror, install, needDatabase, unpackTo } from './mirror.ts';
import { fileSha256, needSignature, signatureFile, signDigest } from './signature.ts';
import { whileLocked } from './update-lock.ts';

export interface ExportOptions {
  readonly database: string;
  /** Folder; made when it does not exist. */
  readonly folder: string;
  /** Older database files to make deltas from. */
  readonly deltasFrom: readonly string[];
  /** PEM; without one the signature beside the database is passed on. */
  readonly signingKey?: string;
}

const MAX_DATABASE = 4 * 2 ** 30;
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

async function offer(folder: string, file: string): Promise<OfferedFile> {
  const path = join(folder, file);
  return { file, sha256: await fileSha256(path), bytes: statSync(path).size };
}

/** Signature beside a database; empty without one. */
export async function storedSignature(database: string): Promise<string> {
  const path = signatureFile(database);
  return existsSync(path) ? (await readFile(path, 'utf8')).trim() : '';
}

/** Writes a folder that `db update --mirror` and `db import` take. The manifest comes last: a mirror is never half. */
export async function exportDatabase(options: ExportOptions): Promise<Manifest> {
  const database = openDatabase(options.database);
  const info = database.info();
  database.close();
  makeFolder(options.folder);
  const sha256 = await fileSha256(options.database);
  const full = `advisories-${info.revision.slice(0, 12)}.db.zst`;
  await pipeline(
    createReadStream(options.database),
    createZstdCompress({ params: { [zlib.ZSTD_c_compressionLevel]: 15 } }),
    createWriteStream(join(options.folder, full)),
  );
  const deltas: (OfferedFile & { from: string })[] = [];
  for (const older of options.deltasFrom) {
    const from = await fileSha256(older);
    const file = `advisories-${from.slice(0, 12)}-${sha256.slice(0, 12)}.delta`;
    await writeFile(
      join(options.folder, file),
      makeDelta(await readFile(older), await readFile(options.database)),
    );
    deltas.push({ ...(await offer(options.folder, file)), from });
  }
  const manifest: Manifest = {
    schemaVersion: info.schemaVersion,
    revision: info.revision,
    builtAt: info.builtAt,
    sha256,
    bytes: info.bytes,
    signature:
      options.signingKey === undefined
        ? await storedSignature(options.database)
        : signDigest(sha256, options.signingKey),
    full: await offer(options.folder, full),
    deltas,
  };
  const path = join(options.folder, MANIFEST_NAME);
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${path}.new`, path);
  return manifest;
}

export interface ImportOptions {
  /** A folder made by an export, a `.db` file or a packed `.db.zst`. */
  readonly source: string;
  readonly target: string;
  readonly trustedKeys: readonly string[];
}

/**
 * Takes a database from disk.
 * @throws CodedError GC_DB_IMPORT, GC_DB_SIGNATURE, GC_DB_INVALID …; the old database stays.
 */
export async function importDatabase({ source, target, trustedKeys }: ImportOptions): Promise<void> {
  const kind = statSync(source, { throwIfNoEntry: false });
  if (kind === undefined)
    throw new CodedError('GC_DB_IMPORT', 'there is no such file or folder', { at: source });
  await whileLocked(target, undefined, async () => {
    if (kind.isDirectory()) await fromMirror(source, { target, trustedKeys });
    else await importFile(source, target, trustedKeys);
  });
}

async function importFile(source: string, target: string, trustedKeys: readonly string[]): Promise<void> {
  const fresh = `${target}.new`;
  try {
    const packed = (await firstFour(source)).equals(ZSTD_MAGIC);
    if (packed) await unpackTo(source, fresh, MAX_DATABASE, source);
    else await copyFile(source, fresh);
    const signature =
      (await storedSignature(source)) || (await storedSignature(source.replace(/\.zst$/, '')));
    needSignature(await fileSha256(fresh), signature, trustedKeys, source);
    await needDatabase(fresh, source, true);
    await install(fresh, target, signature);
  } finally {
    await rm(fresh, { force: true });
  }
}

async function firstFour(path: string): Promise<Buffer> {
  for await (const chunk of createReadStream(path, { end: 3 })) return chunk as Buffer;
  return Buffer.alloc(0);
}
