// The folder of recordings around matches: names, listing, and what is removed when there are too many.
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface StoredCapture {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

const CAPTURE_NAME = /\.scap(?:\.gz)?$/;
const SLUG_MAX = 48;

/** Lower-case letters, digits and dashes, for file names. */
export function slug(text: string): string {
  const short = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX);
  return short.replace(/^-+|-+$/g, '') || 'rule';
}

/** `20261121T071917Z-shell-in-container-4f2a.scap.gz` */
export function captureName(timeMs: number, rule: string, id: string): string {
  const time = new Date(timeMs)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  return `${time}-${slug(rule)}-${id}.scap.gz`;
}

/** Makes the folder, for its owner only. */
export function makeCaptureFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** Newest first; empty when the folder does not exist. */
export function listCaptures(folder: string): StoredCapture[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => CAPTURE_NAME.test(name));
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() === true ? [{ name, path, bytes: stat.size, modifiedAtMs: stat.mtimeMs }] : [];
    })
    .sort((a, b) => b.modifiedAtMs - a.modifiedAtMs || (a.name < b.name ? 1 : -1));
}

/** Removes the oldest until the limits hold; files in `busy` stay. Returns how many were removed. */
export function pruneCaptures(
  folder: string,
  limits: { readonly files: number; readonly bytes: number },
  busy: ReadonlySet<string>,
): number {
  let files = 0;
  let bytes = 0;
  let removed = 0;
  for (const capture of listCaptures(folder)) {
    files++;
    bytes += capture.bytes;
    if ((files <= limits.files && bytes <= limits.bytes) || busy.has(capture.path)) continue;
    rmSync(capture.path, { force: true });
    removed++;
  }
  return removed;
}
