// Descriptor list blocks: the open descriptors of one thread when the capture began (spec §4).
import { AF_INET, AF_INET6, addressText, type FileDescriptor } from '@guardcell/core';
import { CapturedFd, LISTED_KINDS } from '../state/descriptor.ts';
import type { World } from '../state/world.ts';
import type { Cursor } from './cursor.ts';

const KIND = { v4: 3, v6: 4, v4Server: 5, v6Server: 6, unix: 8, fileV2: 16 } as const;
const PROTOCOLS: readonly FileDescriptor['l4proto'][] = ['', '', 'tcp', 'udp', 'icmp', 'raw'];
const O_CLOEXEC = 4096;
/** fd, inode, kind. */
const MIN_ENTRY = 17;

export function readFdList(body: Cursor, version: 1 | 2, world: World): void {
  const tid = body.u64();
  const thread = world.threads.find(tid);
  while (body.remaining >= (version === 2 ? MIN_ENTRY + 4 : MIN_ENTRY)) {
    const length = version === 2 ? body.u32() : 0;
    if (version === 2 && (length < MIN_ENTRY + 4 || length - 4 > body.remaining))
      body.fail(`a descriptor entry of ${length} bytes does not fit`);
    const entry = version === 2 ? body.part(length - 4) : body;
    const fd = readEntry(entry, version);
    if (fd !== undefined) thread?.process.descriptors.set(fd.num, fd);
    // Without a length nothing tells where an unknown kind ends.
    else if (version === 1) break;
  }
}

function readEntry(entry: Cursor, version: 1 | 2): CapturedFd | undefined {
  const num = entry.i64();
  const inode = entry.u64();
  const kind = entry.u8();
  const fd = new CapturedFd(num, LISTED_KINDS[kind] ?? 'o', '', '');
  fd.inode = inode;
  switch (kind) {
    case KIND.v4:
    case KIND.v6: {
      const family = kind === KIND.v4 ? AF_INET : AF_INET6;
      const width = family === AF_INET ? 4 : 16;
      const local = addressText(entry.bytes(width), 0, family);
      const remote = addressText(entry.bytes(width), 0, family);
      const localPort = entry.u16();
      const remotePort = entry.u16();
      fd.l4proto = PROTOCOLS[entry.u8()] ?? '';
      fd.connectEnds({ ip: local, port: localPort }, { ip: remote, port: remotePort }, 'client');
      fd.typeChar = family === AF_INET ? '4' : '6';
      fd.connected = remotePort !== 0;
      fd.nameChanged = false;
      return fd;
    }
    case KIND.v4Server:
    case KIND.v6Server: {
      const family = kind === KIND.v4Server ? AF_INET : AF_INET6;
      const ip = addressText(entry.bytes(family === AF_INET ? 4 : 16), 0, family);
      const port = entry.u16();
      fd.l4proto = PROTOCOLS[entry.u8()] ?? '';
      fd.listenAt({ ip, port });
      fd.typeChar = family === AF_INET ? '4' : '6';
      fd.local = { ip, port };
      fd.nameChanged = false;
      return fd;
    }
    case KIND.unix:
      entry.skip(16);
      fd.typeChar = 'u';
      // Old producers took the line end along with the path.
      fd.name = entry.text().replace(/\n$/, '');
      break;
    case KIND.fileV2:
      fd.openFlags = entry.u32();
      fd.closeOnExec = (fd.openFlags & O_CLOEXEC) !== 0;
      fd.name = entry.text();
      if (version === 2 && entry.remaining >= 4) fd.dev = entry.u32();
      break;
    default:
      if (LISTED_KINDS[kind] === undefined) return undefined;
      fd.name = entry.text();
  }
  fd.nameRaw = fd.name;
  return fd;
}

/** A listed connection whose local port some process listens at came from outside. */
export function findServers(world: World): void {
  const ports = new Set<number>();
  for (const thread of world.threads.values()) {
    for (const fd of thread.process.descriptors.map.values()) {
      if (fd.local !== undefined && fd.l4proto !== 'udp') ports.add(fd.local.port);
    }
  }
  if (ports.size === 0) return;
  for (const thread of world.threads.values()) {
    if (!thread.isMain) continue;
    for (const fd of thread.process.descriptors.map.values()) {
      const { client, server, typeChar, role } = fd;
      if (client === undefined || server === undefined || role !== 'client' || !ports.has(client.port))
        continue;
      fd.connectEnds(server, client, 'server');
      fd.typeChar = typeChar;
      fd.nameChanged = false;
    }
  }
}
