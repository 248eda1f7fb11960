// Which database a scan uses: the one that was fetched or built, else the snapshot that ships with the project.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { CodedError, makeFolder } from '@guardcell/kit';
import { type AdvisoryDatabase, openDatabase } from './database/open.ts';
import { fileSha256, needSignature, signatureFile } from './update/signature.ts';

const MAX_SNAPSHOT = 2 ** 30;

/** `<data>/advisories/advisories.db`. */
export function databasePath(dataDir: string): string {
  return join(dataDir, 'advisories', 'advisories.db');
}

export interface AdvisoryPlaces {
  readonly dataDir: string;
  /** Packed database that ships with the project. */
  readonly snapshot: string;
  /** PEM; with any, the fetched database must be signed by one of them. The snapshot is part of the program. */
  readonly trustedKeys?: readonly string[];
}

/**
 * Opens the database of the data folder, or else the snapshot.
 * @throws CodedError GC_DB_… when there is neither, or when the database of the data folder cannot be trusted or read.
 */
export async function openAdvisories(places: AdvisoryPlaces): Promise<AdvisoryDatabase> {
  const path = databasePath(places.dataDir);
  return existsSync(path) ? await openTrusted(path, places.trustedKeys ?? []) : openSnapshot(places);
}

/**
 * Opens a database file; with keys (PEM), only when one of them signed it.
 * @throws CodedError GC_DB_….
 */
export async function openTrusted(path: string, keys: readonly string[]): Promise<AdvisoryDatabase> {
  if (keys.length > 0 && existsSync(path)) {
    const signature = existsSync(signatureFile(path)) ? readFileSync(signatureFile(path), 'utf8').trim() : '';
    needSignature(await fileSha256(path), signature, keys, path);
  }
  return openDatabase(path);
}

/** Those of older versions of the program; a process that has one open keeps it until it ends. */
function removeOthers(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) {
    if (/^snapshot-.*\.db$/.test(name) && name !== kept) rmSync(join(folder, name), { force: true });
  }
}

/** Unpacks the snapshot once; later runs, and other processes, find it. */
function openSnapshot({ dataDir, snapshot }: AdvisoryPlaces): AdvisoryDatabase {
  const facts = statSync(snapshot, { throwIfNoEntry: false });
  if (facts === undefined) {
    throw new CodedError('GC_DB_MISSING', 'there is no vulnerability database', {
      at: databasePath(dataDir),
      hint: 'Run guardcell db update, or guardcell db build --feeds DIR.',
    });
  }
  const name = `snapshot-${facts.size}-${Math.trunc(facts.mtimeMs)}.db`;
  let failure: unknown;
  // A data folder of another user is no reason not to scan.
  for (const folder of [
    join(dataDir, 'advisories'),
    join(tmpdir(), `guardcell-advisories-${process.getuid?.() ?? 0}`),
  ]) {
    const path = join(folder, name);
    try {
      if (!existsSync(path)) {
        makeFolder(folder, 0o700);
        const own = `${path}.${process.pid}`;
        writeFileSync(own, zstdDecompressSync(readFileSync(snapshot), { maxOutputLength: MAX_SNAPSHOT }));
        renameSync(own, path);
        removeOthers(folder, name);
      }
      const owner = statSync(path).uid;
      if (owner === process.getuid?.() || owner === 0) return openDatabase(path);
    } catch (error) {
      failure = error;
    }
  }
  throw new CodedError(
    'GC_DB_INVALID',
    'the vulnerability data that ships with Guardcell cannot be unpacked',
    {
      at: snapshot,
      hint: 'Is there space, and may this user write to the data folder?',
      cause: failure,
    },
  );
}
