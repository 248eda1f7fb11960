// Which event types open files, and what their flags ask for. Values are the event table's, not the kernel's.
import type { RuntimeEvent } from '@guardcell/core';

const OPEN_TYPES: ReadonlySet<string> = new Set(['open', 'openat', 'openat2', 'open_by_handle_at']);

const READ = 1;
const WRITE = 2;
const CREAT = 4;
const TMPFILE = 8192;
const CREATED = 16384;
const ANY_EXECUTE = 0o111;

function numeric(event: RuntimeEvent, name: string): number {
  const value = event.param(name);
  return typeof value === 'number' ? value : 0;
}

function openFlags(event: RuntimeEvent): number {
  return OPEN_TYPES.has(event.type) ? numeric(event, 'flags') : 0;
}

export function opensForRead(event: RuntimeEvent): boolean {
  return (openFlags(event) & READ) !== 0;
}

export function opensForWrite(event: RuntimeEvent): boolean {
  return (openFlags(event) & WRITE) !== 0;
}

/** Creates a file that somebody may execute. */
export function createsExecutable(event: RuntimeEvent): boolean {
  const creates = event.type === 'creat' || (openFlags(event) & (CREAT | TMPFILE)) !== 0;
  return creates && (numeric(event, 'mode') & ANY_EXECUTE) !== 0;
}

/** The call made a new file. */
export function createsFile(event: RuntimeEvent): boolean {
  if (event.type === 'creat') return (numeric(event, 'creat_flags') & 1) !== 0 || (event.result ?? -1) >= 0;
  return (openFlags(event) & CREATED) !== 0;
}
