// `--known FILE`: digests that earlier runs have scanned, so that the next one reads only what is new.
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import type { RegistryImage } from '@guardcell/scan';
import { readNamedFile } from '../../named-file.ts';

/** `registry/repository` → digest → when it was scanned. */
type Repositories = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface KnownImages {
  has(image: RegistryImage): boolean;
  add(image: RegistryImage): void;
  /** Writes the file whole or not at all. @throws CodedError GC_KNOWN_WRITE. */
  save(): void;
}

const FORMAT = 1;

function nameOf({ reference, repository }: RegistryImage): string {
  return reference.slice(0, reference.indexOf('/') + 1 + repository.length);
}

/**
 * Reads the file, or begins a new one. What was scanned with other `settings` (database, parts, platform) does not
 * count: it could have other findings now.
 * @throws CodedError GC_USAGE for a file that is none of ours.
 */
export function openKnownImages(file: string, settings: string): KnownImages {
  const kept = existsSync(file) ? readKnown(file) : undefined;
  const images = new Map<string, Map<string, string>>();
  if (kept?.settings === settings)
    for (const [name, digests] of kept.images) images.set(name, new Map(digests));
  return {
    has: (image) => images.get(nameOf(image))?.has(image.digest) === true,
    add: (image) => {
      const name = nameOf(image);
      const digests = images.get(name) ?? new Map<string, string>();
      images.set(name, digests.set(image.digest, new Date().toISOString()));
    },
    save: () => writeWhole(file, textOf(settings, images)),
  };
}

function textOf(settings: string, images: Repositories): string {
  const sorted = [...images].sort(([a], [b]) => (a < b ? -1 : 1));
  const plain = Object.fromEntries(sorted.map(([name, digests]) => [name, Object.fromEntries(digests)]));
  return `${JSON.stringify({ schemaVersion: FORMAT, settings, images: plain }, null, 1)}\n`;
}

function readKnown(file: string): { readonly settings: string; readonly images: Repositories } {
  const content = readNamedFile(file);
  try {
    const value = JSON.parse(content) as Record<string, unknown>;
    const { schemaVersion, settings, images } = value;
    if (schemaVersion !== FORMAT || typeof settings !== 'string') throw new TypeError('another format');
    return { settings, images: new Map(Object.entries(images as object).map(digestsOf)) };
  } catch (cause) {
    throw new CodedError('GC_USAGE', 'this is no list of known images', {
      at: file,
      hint: 'Name a file that --known has written, or one that does not exist yet.',
      cause,
    });
  }
}

function digestsOf([name, digests]: [string, unknown]): [string, ReadonlyMap<string, string>] {
  const entries = Object.entries(digests as object).map(([digest, when]) => [digest, String(when)] as const);
  return [name, new Map(entries)];
}

function writeWhole(file: string, content: string): void {
  const aside = join(dirname(file), `.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(aside, content, { flag: 'wx', mode: 0o600 });
    renameSync(aside, file);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw new CodedError(
      'GC_KNOWN_WRITE',
      `the file cannot be written (${systemErrorCode(cause) ?? 'unknown'})`,
      {
        at: file,
        cause,
      },
    );
  }
}
