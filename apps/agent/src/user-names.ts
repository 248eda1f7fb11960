// user.name and group.name: from the passwd and group files of whoever runs the process, host or container.
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type Container, HOST, type Thread } from '@guardcell/core';

/** A container chooses what is in its files: never more than this is read. */
const MAX_BYTES = 256 * 1024;
const MAX_CONTAINERS = 2000;
/** Processes that the files are looked for through. */
const MAX_PIDS = 8;

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

const namesOf = (text: string | undefined): Names => (text === undefined ? NONE : parseNames(text));

type Home = Pick<Container, 'id' | 'pid'>;
/** A process of the container, to read its files through while the container's first is not known or gone. */
export interface Witness extends Pick<Thread, 'pid'> {
  readonly container: Pick<Container, 'id'>;
  parent(): Witness | undefined;
}

export interface NameSource {
  /** Empty when the id has no name; 0 is `root` unless the files say otherwise. */
  userName(id: number, container: Home, witness: Witness | undefined): string;
  groupName(id: number, container: Home, witness: Witness | undefined): string;
  /** Reads the files while there is a process to read them through: a container may be gone before it is judged. */
  remember(container: Home, witness: Witness): void;
  forget(containerId: string): void;
}

/** The container's first process, then the witness and its ancestors in the same container; all may be gone. */
function insidePids({ id, pid }: Home, witness: Witness | undefined): ReadonlySet<number> {
  const pids = new Set(pid === 0 ? [] : [pid]);
  let at = witness;
  while (at !== undefined && at.container.id === id && pids.size < MAX_PIDS) {
    pids.add(at.pid);
    at = at.parent();
  }
  return pids;
}

/** The text of a file; undefined when it is not there, or is none. */
type ReadFile = (path: string) => string | undefined;

/** Reads each file once per container; `forget` when it is gone. */
export function createNameSource(procRoot = '/proc', readFile: ReadFile = readBounded): NameSource {
  const caches = { passwd: new Map<string, Names>(), group: new Map<string, Names>() };

  /** Between its cgroup and its first exec a container's process still sees the host's files. */
  function hasOwnRoot(pid: number): boolean {
    const own = statSync(`${procRoot}/${pid}/root/.`, { throwIfNoEntry: false });
    const host = statSync('/', { throwIfNoEntry: false });
    return own !== undefined && (own.ino !== host?.ino || own.dev !== host.dev);
  }

  /** Undefined when nobody is there to read through: a process may end between two steps. */
  function readIn(file: NameFile, container: Home, witness: Witness | undefined): Names | undefined {
    if (container.id === HOST.id) return namesOf(readFile(`/etc/${file}`));
    for (const pid of insidePids(container, witness)) {
      if (!hasOwnRoot(pid)) continue;
      const text = readFile(`${procRoot}/${pid}/root/etc/${file}`);
      if (text !== undefined || hasOwnRoot(pid)) return namesOf(text);
    }
    return undefined;
  }

  /** Undefined when there is no process to read them through: they may be read later. */
  function namesIn(file: NameFile, container: Home, witness: Witness | undefined): Names | undefined {
    const cache = caches[file];
    const known = cache.get(container.id);
    if (known !== undefined) return known;
    const names = readIn(file, container, witness);
    if (names === undefined) return undefined;
    if (cache.size >= MAX_CONTAINERS) cache.clear();
    cache.set(container.id, names);
    return names;
  }

  function lookup(file: NameFile, id: number, container: Home, witness: Witness | undefined): string {
    return namesIn(file, container, witness)?.get(id) ?? (id === 0 ? 'root' : '');
  }

  return {
    userName: (id, container, witness) => lookup('passwd', id, container, witness),
    groupName: (id, container, witness) => lookup('group', id, container, witness),
    remember(container, witness) {
      if (caches.passwd.has(container.id) && caches.group.has(container.id)) return;
      namesIn('passwd', container, witness);
      namesIn('group', container, witness);
    },
    forget(containerId) {
      caches.passwd.delete(containerId);
      caches.group.delete(containerId);
    },
  };
}
