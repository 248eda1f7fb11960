// Sockets of a network namespace by inode, from the tables in /proc/PID/net.
import { closeSync, openSync, readSync } from 'node:fs';
import type { DescriptorEntry, SocketProtocol } from './snapshot.ts';

/** What is known of a socket; the descriptor's number is not part of it. */
export type SocketFacts =
  | {
      readonly kind: 'connection';
      readonly local: End;
      readonly remote: End;
      readonly l4proto: SocketProtocol;
    }
  | { readonly kind: 'listener'; readonly local: End; readonly l4proto: SocketProtocol }
  | { readonly kind: 'unix'; readonly path: string };

type End = Extract<DescriptorEntry, { kind: 'listener' }>['local'];

/** Larger tables are read up to here. */
const TABLE_BYTES_MAX = 2 * 1024 * 1024;
const TABLES: readonly (readonly [file: string, l4proto: SocketProtocol])[] = [
  ['tcp', 'tcp'],
  ['tcp6', 'tcp'],
  ['udp', 'udp'],
  ['udp6', 'udp'],
  ['raw', 'raw'],
  ['raw6', 'raw'],
];

/** The first `max` bytes of a file as text, empty when it cannot be read. */
export function readStart(path: string, max: number): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(Math.min(max, 64 * 1024));
      const parts: Buffer[] = [];
      for (let total = 0; total < max; ) {
        const count = readSync(fd, bytes, 0, Math.min(bytes.length, max - total), null);
        if (count === 0) break;
        parts.push(Buffer.from(bytes.subarray(0, count)));
        total += count;
      }
      return Buffer.concat(parts).toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** Addresses of these tables are words in the machine's byte order, little-endian here. */
export function parseProcEnd(text: string): End | undefined {
  const [words = '', port = ''] = text.split(':');
  if (!/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/i.test(words) || !/^[0-9A-F]{4}$/i.test(port)) return undefined;
  const bytes = Buffer.from(words, 'hex');
  bytes.swap32();
  const ip =
    bytes.length === 4
      ? bytes.join('.')
      : Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':');
  return { ip, port: Number.parseInt(port, 16) };
}

/** Adds the sockets that the lines of one table name. */
export function parseInetTable(text: string, l4proto: SocketProtocol, found: Map<number, SocketFacts>): void {
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const local = parseProcEnd(columns[1] ?? '');
    const remote = parseProcEnd(columns[2] ?? '');
    const inode = Number(columns[9]);
    if (local === undefined || remote === undefined || !Number.isSafeInteger(inode) || inode <= 0) continue;
    found.set(
      inode,
      remote.port === 0
        ? { kind: 'listener', local, l4proto }
        : { kind: 'connection', local, remote, l4proto },
    );
  }
}

export function parseUnixTable(text: string, found: Map<number, SocketFacts>): void {
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const inode = Number(columns[6]);
    if (!Number.isSafeInteger(inode) || inode <= 0) continue;
    found.set(inode, { kind: 'unix', path: columns.slice(7).join(' ') });
  }
}

/** All sockets that a process's network namespace has. */
export function socketsOf(pid: number, root = '/proc'): ReadonlyMap<number, SocketFacts> {
  const found = new Map<number, SocketFacts>();
  const folder = `${root}/${pid}/net`;
  for (const [file, l4proto] of TABLES) {
    parseInetTable(readStart(`${folder}/${file}`, TABLE_BYTES_MAX), l4proto, found);
  }
  parseUnixTable(readStart(`${folder}/unix`, TABLE_BYTES_MAX), found);
  return found;
}
