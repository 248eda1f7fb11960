// What layers hold, kept by content so that no layer is read twice. Many processes share the folder without locks:
// files are named by everything their content depends on, appear whole (written aside, then renamed) and never change.
import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { makeFolder, needOwnFolder } from '@guardcell/kit';
import type { Analyzer } from '../analyzer.ts';
import type { LayerFindings } from './read-layer.ts';

/** Grows when the same analyzers would keep something else. */
const FORMAT = 1;
const MAX_FINDINGS_BYTES = 512 * 2 ** 20;
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export interface LayerCacheKey {
  readonly diffId: string;
  readonly analyzers: readonly Analyzer[];
  /** The lowest layer keeps nothing of what it hides: another answer than as an upper one. */
  readonly isLowest: boolean;
}

export interface LayerCache {
  /** Undefined when it is not there or cannot be believed. */
  read(key: LayerCacheKey): Promise<LayerFindings | undefined>;
  /** Keeps the findings of a layer whose digest was right. A folder that cannot be written is told once, not thrown. */
  write(key: LayerCacheKey, findings: LayerFindings): Promise<void>;
}

export interface LayerCacheOptions {
  readonly directory: string;
  /** Bytes on disk that the folder may take; the layers that were not used for longest go first. */
  readonly maxBytes?: number;
  onWarning?(message: string): void;
}

/** `$XDG_CACHE_HOME/guardcell/layers`, by default below `~/.cache`. */
export function defaultCacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_CACHE_HOME'] ?? '';
  return join(base.startsWith('/') ? base : join(homedir(), '.cache'), 'guardcell', 'layers');
}

function nameOf(key: LayerCacheKey): string {
  const analyzers = key.analyzers.map(({ id, version, maxBytes }) => `${id}@${version}@${maxBytes}`).sort();
  const text = JSON.stringify([FORMAT, key.diffId, key.isLowest, analyzers]);
  return createHash('sha256').update(text).digest('hex');
}

function isFindings(value: unknown): value is LayerFindings {
  if (typeof value !== 'object' || value === null) return false;
  const parts = value as Partial<Record<keyof LayerFindings, unknown>>;
  const isWhole =
    typeof parts.marks === 'string' && typeof parts.bytes === 'number' && typeof parts.entries === 'number';
  return (
    isWhole &&
    areTexts(parts.fragments, ['analyzer', 'path', 'json']) &&
    areTexts(parts.problems, ['path', 'message'])
  );
}

function areTexts(list: unknown, members: readonly string[]): boolean {
  if (!Array.isArray(list)) return false;
  return list.every((one: Readonly<Record<string, unknown>> | null) =>
    members.every((member) => typeof one?.[member] === 'string'),
  );
}

/**
 * Opens the folder; it is made with the first write.
 * @throws CodedError GC_DATA_DIR_FOREIGN when the folder belongs to somebody else, who could write findings into it.
 */
export function openLayerCache(options: LayerCacheOptions): LayerCache {
  const { directory, maxBytes = 512 * 2 ** 20 } = options;
  needOwnFolder(directory);
  let hasWarned = false;
  let writes = 0;

  function pathOf(key: LayerCacheKey): { readonly folder: string; readonly file: string } {
    const name = nameOf(key);
    const folder = join(directory, name.slice(0, 2));
    return { folder, file: join(folder, `${name}.json.zst`) };
  }

  return {
    async read(key) {
      const { file } = pathOf(key);
      try {
        const bytes = await decompress(await readFile(file), { maxOutputLength: MAX_FINDINGS_BYTES });
        const value: unknown = JSON.parse(bytes.toString());
        if (!isFindings(value)) throw new TypeError('not the findings of a layer');
        await touch(file);
        return value;
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        // Damaged: away with it, the layer is read again.
        if (!isMissing) await rm(file, { force: true }).catch(() => undefined);
        return undefined;
      }
    },
    async write(key, findings) {
      const { folder, file } = pathOf(key);
      try {
        makeFolder(folder, 0o700);
        const bytes = await compress(JSON.stringify(findings), {
          params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 3 },
        });
        await writeWhole(folder, file, bytes);
        writes += 1;
        if (writes % 32 === 1) await evict(directory, maxBytes);
      } catch (error) {
        if (!hasWarned) {
          options.onWarning?.(
            `layers are not kept in ${directory}: ${error instanceof Error ? error.message : ''}`,
          );
        }
        hasWarned = true;
      }
    },
  };
}

async function writeWhole(folder: string, file: string, bytes: Buffer): Promise<void> {
  const aside = join(folder, `.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

const DAY_MS = 86_400_000;

/** Notes the use, at most once a day. */
async function touch(file: string): Promise<void> {
  try {
    const now = new Date();
    if (now.getTime() - (await stat(file)).mtimeMs > DAY_MS) await utimes(file, now, now);
  } catch {
    // Another process has just evicted it, or the folder is read-only: the content is at hand already.
  }
}

/** Removes what was not used for longest until a fifth is free, and leftovers of processes that died. */
async function evict(directory: string, maxBytes: number): Promise<void> {
  const files: { readonly path: string; readonly size: number; readonly used: number }[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined) continue;
    if (entry.name.endsWith('.tmp') && Date.now() - facts.mtimeMs > DAY_MS) await rm(path, { force: true });
    else if (entry.name.endsWith('.json.zst')) files.push({ path, size: facts.size, used: facts.mtimeMs });
  }
  let total = files.reduce((sum, file) => sum + file.size, 0);
  if (total <= maxBytes) return;
  for (const file of files.sort((a, b) => a.used - b.used)) {
    if (total <= maxBytes * 0.8) return;
    await rm(file.path, { force: true });
    total -= file.size;
  }
}
