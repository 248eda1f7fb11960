// Events that tell of accounts, containers and, in captures of newer drivers, of tasks that ran before.
import { AF_INET, AF_INET6, addressText, type FdTypeChar } from '@guardcell/core';
import { splitTexts } from '../read/cursor.ts';
import { CapturedFd } from './descriptor.ts';
import { addFd } from './file-events.ts';
import type { StateHandler } from './handler.ts';
import { trimDirectory } from './paths.ts';

export const userAdded: StateHandler = (event) => {
  const uid = event.integer('uid');
  if (uid === undefined) return;
  const account = {
    name: event.text('name') ?? '',
    home: event.text('home') ?? '',
    shell: event.text('shell') ?? '',
  };
  event.world.accounts.addUser(uid, account, event.text('container_id'));
};

export const userDeleted: StateHandler = (event) => {
  const uid = event.integer('uid');
  if (uid !== undefined) event.world.accounts.removeUser(uid, event.text('container_id') ?? '');
};

export const groupAdded: StateHandler = (event) => {
  const gid = event.integer('gid');
  if (gid !== undefined)
    event.world.accounts.addGroup(gid, event.text('name') ?? '', event.text('container_id'));
};

export const groupDeleted: StateHandler = (event) => {
  const gid = event.integer('gid');
  if (gid !== undefined) event.world.accounts.removeGroup(gid, event.text('container_id') ?? '');
};

export const container: StateHandler = (event) => {
  const json = event.raw('json');
  if (json !== undefined) {
    event.world.containers.learn(json.toString('utf8').replace(/\0+$/, ''));
    return;
  }
  const id = event.ownText('id');
  if (id === undefined) return;
  const facts = { id, name: event.ownText('name'), image: event.ownText('image') };
  event.world.containers.learn(JSON.stringify(facts));
};

/** The container plug-in reports through events of its own. */
export const asyncEvent: StateHandler = (event) => {
  if (event.text('name') !== 'container') return;
  const data = event.raw('data');
  if (data !== undefined) event.world.containers.learn(data.toString('utf8').replace(/\0+$/, ''));
};

/** One task that ran when the capture began. */
export const task: StateHandler = (event) => {
  const { thread, world } = event;
  thread.isUnknown = false;
  thread.vpid = event.integer('vtgid') ?? thread.vpid;
  thread.vtid = event.integer('vpid') ?? thread.vtid;
  thread.sid = event.integer('sid') ?? thread.sid;
  thread.pgid = event.integer('pgid') ?? thread.pgid;
  thread.vpgid = event.integer('vpgid') ?? thread.vpgid;
  thread.comm = event.text('comm') ?? thread.comm;
  const [exe = '', ...args] = splitTexts(event.raw('argv') ?? Buffer.alloc(0));
  thread.exe = exe;
  thread.process.args = args;
  thread.process.env = world.lists.of(event.raw('env') ?? Buffer.alloc(0));
  thread.exePath = event.text('exepath') ?? '';
  thread.process.cwd = trimDirectory(event.text('cwd') ?? '');
  thread.uid = event.integer('euid') ?? thread.uid;
  thread.gid = event.integer('egid') ?? thread.gid;
  thread.tty = event.integer('tty') ?? 0;
  thread.loginUid = event.integer('loginuid') ?? -1;
  thread.capEffective = event.big('cap_effective') ?? 0n;
  thread.capPermitted = event.big('cap_permitted') ?? 0n;
  thread.capInheritable = event.big('cap_inheritable') ?? 0n;
  thread.startTimeNs = event.big('start_time') ?? 0n;
  const groups = world.lists.controlGroups(world.lists.of(event.raw('cgroups') ?? Buffer.alloc(0)));
  thread.process.cgroup = groups.text;
  thread.process.containerId = groups.containerId;
  world.threads.weigh(thread.process);
  const ppid = event.integer('ppid') ?? 0;
  if (ppid > 0) world.threads.adopt(thread, ppid);
};

/** One open file of such a task. */
export function taskFile(typeChar: FdTypeChar): StateHandler {
  return (event) => {
    const num = event.integer('fd');
    if (num === undefined || num < 0) return;
    const path = event.text('path') ?? event.text('sun_path') ?? '';
    const fd = new CapturedFd(num, typeChar, path, path);
    fd.inode = event.integer('ino_num') ?? 0;
    fd.openFlags = event.integer('flags') ?? 0;
    addFd(event, fd);
  };
}

const ANONYMOUS: Readonly<Record<number, FdTypeChar>> = {
  1: 'e',
  2: 'l',
  3: 'i',
  4: 's',
  5: 't',
  6: 'r',
  8: 'P',
  9: 'b',
  10: 'b',
  11: 'b',
  12: 'b',
};

export const taskAnonymous: StateHandler = (event) => {
  taskFile(ANONYMOUS[event.integer('fd_type') ?? 0] ?? 'o')(event);
};

const L4 = { 1: 'icmp', 6: 'tcp', 17: 'udp', 255: 'raw' } as const;

export const taskSocket: StateHandler = (event) => {
  const num = event.integer('fd');
  const local = event.raw('local_ip');
  const remote = event.raw('remote_ip');
  if (num === undefined || num < 0 || local === undefined || remote === undefined) return;
  const family = local.length === 4 ? AF_INET : AF_INET6;
  if (local.length !== (family === AF_INET ? 4 : 16) || remote.length !== local.length) return;
  const fd = new CapturedFd(num, family === AF_INET ? '4' : '6', '', '');
  const protocol = event.integer('sk_proto') ?? 0;
  fd.l4proto = protocol in L4 ? L4[protocol as keyof typeof L4] : '';
  const own = { ip: addressText(local, 0, family), port: event.integer('local_port') ?? 0 };
  const peer = { ip: addressText(remote, 0, family), port: event.integer('remote_port') ?? 0 };
  if (peer.port === 0) fd.listenAt(own);
  else fd.connectEnds(own, peer, 'client');
  fd.connected = peer.port !== 0;
  fd.nameChanged = false;
  addFd(event, fd);
};
