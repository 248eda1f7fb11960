// user.name and group.name: from the passwd and group files of whoever runs the process, host or container.
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { HOST } from '@guardcell/core';

/** A container chooses what is in its files: never more than this is read. */
const MAX_BYTES = 256 * 1024;
const MAX_CONTAINERS = 2000;

type NameFile = 'passwd' | 'group';
type Names = ReadonlyMap<number, string>;
const NONE: Names = new Map();

// O_NONBLOCK: the file may be a FIFO put there to make us wait. O_NOFOLLOW: or a link out of the container.
function readBounded(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
  try {
    if (!fstatSync(fd).isFile()) return undefined;
    const buffer = Buffer.alloc(MAX_BYTES);
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, MAX_BYTES, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Lines `name:x:id:…` as id → name; the first name of an id wins, as in libc. */
export function parseNames(text: string): Names {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':', 3);
    if (name !== '' && /^\d{1,10}$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

export interface NameSource {
  /** Empty when the id has no name; 0 is `root` unless the files say otherwise. `rootPid` is any process of the container, 0 when none is known. */
  userName(id: number, containerId: string, rootPid: number): string;
  groupName(id: number, containerId: string, rootPid: number): string;
  forget(containerId: string): void;
}

/** Reads each file once per container; `forget` when it is gone. */
export function createNameSource(procRoot = '/proc'): NameSource {
  const caches = { passwd: new Map<string, Names>(), group: new Map<string, Names>() };

  /** Between its cgroup and its first exec a container's process still sees the host's files. */
  function hasOwnRoot(pid: number): boolean {
    const own = statSync(`${procRoot}/${pid}/root/.`, { throwIfNoEntry: false });
    const host = statSync('/', { throwIfNoEntry: false });
    return own !== undefined && (own.ino !== host?.ino || own.dev !== host.dev);
  }

  /** Undefined when there is no process to read them through: they may be read later. */
  function readNames(file: NameFile, containerId: string, rootPid: number): Names | undefined {
    if (containerId !== HOST.id && !(rootPid !== 0 && hasOwnRoot(rootPid))) return undefined;
    const text = readBounded(
      containerId === HOST.id ? `/etc/${file}` : `${procRoot}/${rootPid}/root/etc/${file}`,
    );
    return text === undefined ? NONE : parseNames(text);
  }

  function lookup(file: NameFile, id: number, containerId: string, rootPid: number): string {
    const cache = caches[file];
    let names = cache.get(containerId);
    if (names === undefined) {
      names = readNames(file, containerId, rootPid);
      if (names !== undefined) {
        if (cache.size >= MAX_CONTAINERS) cache.clear();
        cache.set(containerId, names);
      }
    }
    return names?.get(id) ?? (id === 0 ? 'root' : '');
  }

  return {
    userName: (id, containerId, rootPid) => lookup('passwd', id, containerId, rootPid),
    groupName: (id, containerId, rootPid) => lookup('group', id, containerId, rootPid),
    forget(containerId) {
      caches.passwd.delete(containerId);
      caches.group.delete(containerId);
    },
  };
}
