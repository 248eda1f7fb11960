// Absolute paths of path parameters: what the producer resolved, else the working directory joined lexically.
import type { RuntimeEvent } from '@guardcell/core';

const SECOND_PATHS: ReadonlySet<string> = new Set(['newpath', 'linkpath']);

/** The absolute form of a path parameter; undefined when it is relative to a directory that is not known. */
export function resolvePath(event: RuntimeEvent, param: string, raw: string): string | undefined {
  if (SECOND_PATHS.has(param)) return event.targetPath ?? fallback(event, raw);
  if (event.path !== undefined) return event.path;
  if (event.fd !== undefined && event.fd.nameRaw === raw && event.fd.name !== '') return event.fd.name;
  return fallback(event, raw);
}

function fallback(event: RuntimeEvent, raw: string): string | undefined {
  if (raw === '' || raw === '<NA>') return undefined;
  return raw.startsWith('/') ? joinPath('/', raw) : joinPath(event.thread.cwd, raw);
}

/** Joins and removes `.`, `..` and double slashes, without looking at any file. */
export function joinPath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : base}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
