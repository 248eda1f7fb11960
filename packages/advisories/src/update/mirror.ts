// Updates from mirrors: the manifest, then a delta or the whole file, verified before it takes the old one's place.
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { CodedError, type ErrorFacts, errorFacts } from '@guardcell/kit';
import { openDatabase } from '../database/open.ts';
import { SCHEMA_VERSION } from '../database/schema.ts';
import { verifyDatabase } from '../database/verify.ts';
import { applyDelta } from './delta.ts';
import { download } from './download.ts';
import { MANIFEST_NAME, type Manifest, type OfferedFile, parseManifest } from './manifest.ts';
import { fileSha256, needSignature, signatureFile } from './signature.ts';
import { whileLocked } from './update-lock.ts';

export interface MirrorUpdate {
  readonly how: 'current' | 'delta' | 'full';
  readonly mirror: string;
  readonly bytes: number;
  readonly manifest: Manifest;
  /** Mirrors that were tried before, and why they were of no use. */
  readonly failures: readonly ErrorFacts[];
}

export interface MirrorOptions {
  /** Folders over HTTP, or on disk for offline imports. */
  readonly mirrors: readonly string[];
  readonly target: string;
  /** PEM; with any, only databases that one of them signed are taken. */
  readonly trustedKeys: readonly string[];
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
}

const MAX_MANIFEST = 2 ** 20;
const MAX_DATABASE = 4 * 2 ** 30;
/** Older files are kept: `advisories.db.previous`. */
const PREVIOUS = '.previous';

/**
 * Takes the newest database from the first mirror that works.
 * @throws CodedError GC_DB_MIRRORS when none does; the old database stays.
 */
export async function updateFromMirrors(options: MirrorOptions): Promise<MirrorUpdate> {
  const failures: ErrorFacts[] = [];
  for (const mirror of options.mirrors) {
    try {
      const update = await whileLocked(options.target, options.signal, () => fromMirror(mirror, options));
      return { ...update, failures };
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      failures.push(errorFacts(error));
    }
  }
  throw noneWorks(failures);
}

function noneWorks(failures: readonly ErrorFacts[]): CodedError {
  const [only, ...more] = failures;
  if (only === undefined) {
    return new CodedError('GC_DB_MIRRORS', 'no mirror is configured', {
      hint: 'Name one with --mirror URL, or build from the public feeds with --from-feeds.',
    });
  }
  if (more.length === 0)
    return new CodedError('GC_DB_MIRRORS', only.message, { at: only.at, hint: only.hint });
  return new CodedError('GC_DB_MIRRORS', `none of ${failures.length} mirrors works`, {
    at: failures.map((failure) => `${failure.at}: ${failure.code} ${failure.message}`).join('; '),
    hint: failures.at(-1)?.hint ?? '',
  });
}

async function fetched(
  mirror: string,
  file: string,
  target: string,
  maxBytes: number,
  options: Omit<MirrorOptions, 'mirrors'>,
  resume: boolean,
): Promise<void> {
  if (!/^https?:/.test(mirror)) {
    await copyFile(join(mirror, file), target).catch((cause: unknown) => {
      throw new CodedError('GC_DB_IMPORT', `${file} cannot be read`, { at: join(mirror, file), cause });
    });
    return;
  }
  await download({
    url: `${mirror.replace(/\/+$/, '')}/${file}`,
    target,
    maxBytes,
    resume,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** A file whose digest is known; one attempt more without the partial file, which may be of another version. */
async function verified(
  mirror: string,
  offer: OfferedFile,
  target: string,
  options: Omit<MirrorOptions, 'mirrors'>,
): Promise<void> {
  for (const attempt of [1, 2]) {
    await fetched(mirror, offer.file, target, offer.bytes, options, attempt === 1);
    if ((await fileSha256(target)) === offer.sha256) return;
    await rm(target, { force: true });
  }
  throw new CodedError('GC_DB_DIGEST', `${offer.file} does not have the digest that the manifest names`, {
    at: mirror,
    hint: 'The mirror is damaged or being updated; try again later or use another one.',
  });
}

/** Takes the database from one mirror, while the target is locked. @throws CodedError GC_DB_… that names the mirror; the old database stays. */
export async function fromMirror(
  mirror: string,
  options: Omit<MirrorOptions, 'mirrors'>,
): Promise<Omit<MirrorUpdate, 'failures'>> {
  const { target } = options;
  const scratch = `${target}.manifest`;
  let manifest: Manifest;
  try {
    await fetched(mirror, MANIFEST_NAME, scratch, MAX_MANIFEST, options, false);
    manifest = parseManifest(await readFile(scratch, 'utf8'), mirror);
  } finally {
    await rm(scratch, { force: true });
  }
  if (manifest.schemaVersion !== SCHEMA_VERSION) {
    throw new CodedError(
      'GC_DB_SCHEMA',
      `the mirror offers layout ${manifest.schemaVersion}, this program reads ${SCHEMA_VERSION}`,
      {
        at: mirror,
        hint: 'Update Guardcell.',
      },
    );
  }
  if (manifest.bytes > MAX_DATABASE)
    throw new CodedError('GC_DB_MANIFEST', 'the offered database is too large', { at: mirror });
  needSignature(manifest.sha256, manifest.signature, options.trustedKeys, mirror);
  const current = existsSync(target) ? await fileSha256(target) : '';
  if (current === manifest.sha256) {
    await writeFile(signatureFile(target), manifest.signature);
    return { how: 'current', mirror, bytes: 0, manifest };
  }
  const fresh = `${target}.new`;
  const delta = manifest.deltas.find(({ from }) => from === current);
  const usedDelta = delta !== undefined && (await byDelta(mirror, delta, fresh, manifest, options));
  if (!usedDelta) await whole(mirror, fresh, manifest, options);
  await needDatabase(fresh, mirror);
  await install(fresh, target, manifest.signature);
  return {
    how: usedDelta ? 'delta' : 'full',
    mirror,
    bytes: (usedDelta ? delta : manifest.full).bytes,
    manifest,
  };
}

/** Whether the delta worked; when it did not, the whole file will. */
async function byDelta(
  mirror: string,
  delta: OfferedFile,
  fresh: string,
  manifest: Manifest,
  options: Omit<MirrorOptions, 'mirrors'>,
): Promise<boolean> {
  const packed = `${options.target}.delta`;
  try {
    await verified(mirror, delta, packed, options);
    const output = applyDelta(await readFile(options.target), await readFile(packed), mirror);
    await writeFile(fresh, output);
    return (await fileSha256(fresh)) === manifest.sha256;
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return false;
  } finally {
    await rm(packed, { force: true });
  }
}

async function whole(
  mirror: string,
  fresh: string,
  manifest: Manifest,
  options: Omit<MirrorOptions, 'mirrors'>,
): Promise<void> {
  // The name holds the digest: a partial file of another version is never continued.
  const packed = `${options.target}.${manifest.full.sha256.slice(0, 16)}.zst`;
  await verified(mirror, manifest.full, packed, options);
  await unpackTo(packed, fresh, manifest.bytes, mirror);
  await rm(packed, { force: true });
  if ((await fileSha256(fresh)) === manifest.sha256) return;
  await rm(fresh, { force: true });
  throw new CodedError(
    'GC_DB_DIGEST',
    'the unpacked database does not have the digest that the manifest names',
    { at: mirror },
  );
}

/**
 * Whether the new file is a database that this program reads; errors name where it came from, not where it lies.
 * `isUnknown`: no digest says that it arrived whole, so that all of it is read.
 */
export async function needDatabase(fresh: string, at: string, isUnknown = false): Promise<void> {
  try {
    openDatabase(fresh).close();
    if (isUnknown) verifyDatabase(fresh);
  } catch (cause) {
    await rm(fresh, { force: true });
    const { code, message } = errorFacts(cause);
    const hint =
      code === 'GC_DB_SCHEMA'
        ? 'Update Guardcell.'
        : 'Give a file or folder that guardcell db export has written.';
    throw new CodedError(code, message, { at, hint, cause });
  }
}

/** Unpacks zstd with a bound; `at` is what the user gave. @throws CodedError GC_DB_INVALID. */
export async function unpackTo(packed: string, target: string, maxBytes: number, at: string): Promise<void> {
  let total = 0;
  const bounded = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      total += chunk.length;
      if (total > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      yield chunk;
    }
  };
  try {
    await pipeline(createReadStream(packed), createZstdDecompress(), bounded, createWriteStream(target));
  } catch (cause) {
    await rm(target, { force: true });
    throw new CodedError('GC_DB_INVALID', 'the packed database is damaged', { at, cause });
  }
}

/** Puts a complete file in place; the old one is kept beside it. */
export async function install(fresh: string, target: string, signature: string): Promise<void> {
  const file = await open(fresh, 'r');
  await file.sync().finally(() => file.close());
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    await copyFile(target, `${target}${PREVIOUS}`);
  }
  await rename(fresh, target);
  if (signature === '') await rm(signatureFile(target), { force: true });
  else await writeFile(signatureFile(target), signature);
}
