// The blocks before the first event: machine, interfaces, accounts, processes, descriptors.
import { BLOCK, block, sectionHeader } from './blocks.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import { asIpv6, ipBytes } from './ip-address.ts';
import type {
  DescriptorEntry,
  DescriptorTable,
  InterfaceEntry,
  MachineFacts,
  ProcessSnapshot,
  SocketProtocol,
  ThreadEntry,
} from './snapshot.ts';

const HOSTNAME_BYTES = 128;
/** Readers refuse a whole file for one longer text in its head: bytes of names, of paths, of arguments and the like. */
const NAME_MAX = 255;
const PATH_MAX = 1023;
const LIST_MAX = 4095;
const PROTOCOLS: Readonly<Record<SocketProtocol, number>> = { '': 0, tcp: 2, udp: 3, icmp: 4, raw: 5 };
const FILE_KINDS = { directory: 2, fifo: 7, other: 10 } as const;

/** Writes everything that comes before the events. */
export function writeHead(out: ByteBuffer, machine: MachineFacts, snapshot: ProcessSnapshot): void {
  sectionHeader(out);
  machineBlock(out, machine);
  interfacesBlock(out, machine.interfaces);
  accountsBlock(out, machine);
  block(out, BLOCK.processes, () => {
    for (const thread of snapshot.threads) threadEntry(out, thread);
  });
  for (const table of snapshot.tables) descriptorsBlock(out, table);
}

function machineBlock(out: ByteBuffer, machine: MachineFacts): void {
  block(out, BLOCK.machine, () => {
    out.u32(machine.cpus);
    out.u64(machine.memoryBytes);
    out.u64(machine.maxPid);
    const at = out.length;
    out.text(machine.hostname, HOSTNAME_BYTES - 1);
    out.reserve(HOSTNAME_BYTES - (out.length - at));
    out.u64(machine.bootTimeNs);
    out.reserve(24);
  });
}

function interfacesBlock(out: ByteBuffer, interfaces: readonly InterfaceEntry[]): void {
  block(out, BLOCK.interfaces, () => {
    for (const entry of interfaces) {
      const address = ipBytes(entry.address);
      const netmask = ipBytes(entry.netmask);
      if (address === undefined || netmask?.length !== address.length) continue;
      const at = out.reserve(4);
      out.u16(address.length === 4 ? 1 : 2);
      const nameAt = out.reserve(2);
      out.raw(address);
      out.raw(netmask);
      out.raw(ipBytes(entry.broadcast) ?? new Uint8Array(address.length));
      out.u64(0); // speed of the link: not known
      const textAt = out.length;
      out.text(entry.name, 255);
      out.setU16(nameAt, out.length - textAt);
      out.setU32(at, out.length - at - 4);
    }
  });
}

function accountsBlock(out: ByteBuffer, { users, groups }: MachineFacts): void {
  block(out, BLOCK.accounts, () => {
    for (const user of users) {
      const at = out.reserve(4);
      out.u8(0);
      out.u32(user.uid);
      out.u32(user.gid);
      out.str(user.name, NAME_MAX);
      out.str(user.home, PATH_MAX);
      out.str(user.shell, PATH_MAX);
      out.setU32(at, out.length - at);
    }
    for (const group of groups) {
      const at = out.reserve(4);
      out.u8(1);
      out.u32(group.gid);
      out.str(group.name, NAME_MAX);
      out.setU32(at, out.length - at);
    }
  });
}

/** The texts by which readers find the container: one line for each of the usual controllers. */
export function cgroupLines(path: string): readonly string[] {
  return path === '' ? [] : ['cpuset', 'cpu', 'cpuacct', 'io', 'memory'].map((name) => `${name}=${path}`);
}

function threadEntry(out: ByteBuffer, thread: ThreadEntry): void {
  const at = out.reserve(4);
  out.u64(thread.tid);
  out.u64(thread.pid);
  out.u64(thread.ppid);
  out.u64(thread.sid);
  out.u64(thread.vpgid);
  out.str(thread.comm, PATH_MAX);
  out.str(thread.exe, PATH_MAX);
  out.str(thread.exePath, PATH_MAX);
  out.strList(thread.args, LIST_MAX);
  out.str(thread.cwd, PATH_MAX);
  out.u64(thread.fdLimit);
  out.u32(0); // how it was cloned: not known
  out.u32(thread.uid);
  out.u32(thread.gid);
  out.u32(thread.vmSizeKib);
  out.u32(thread.vmRssKib);
  out.u32(thread.vmSwapKib);
  out.u64(thread.majorFaults);
  out.u64(thread.minorFaults);
  out.strList(thread.env, LIST_MAX);
  out.u64(thread.vtid);
  out.u64(thread.vpid);
  out.strList(cgroupLines(thread.cgroup), LIST_MAX);
  out.str(thread.root, PATH_MAX);
  out.u64(0); // start of the pid namespace: not known
  out.u32(thread.tty);
  out.u32(thread.loginUid);
  out.u8(thread.exeWritable ? 1 : 0);
  out.u64(thread.capInheritable);
  out.u64(thread.capPermitted);
  out.u64(thread.capEffective);
  out.u8(thread.exeUpperLayer ? 1 : 0);
  out.u64(thread.exeInode);
  out.u64(thread.exeInodeCtimeNs);
  out.u64(thread.exeInodeMtimeNs);
  out.u8(thread.exeFromMemfd ? 1 : 0);
  out.u8(thread.exeLowerLayer ? 1 : 0);
  out.u64(thread.pgid);
  out.setU32(at, out.length - at);
}

function descriptorsBlock(out: ByteBuffer, table: DescriptorTable): void {
  block(out, BLOCK.descriptors, () => {
    out.u64(table.pid);
    for (const entry of table.descriptors) {
      const at = out.reserve(4);
      out.u64(entry.fd);
      out.u64(entry.inode);
      descriptorEntry(out, entry);
      out.setU32(at, out.length - at);
    }
  });
}

function descriptorEntry(out: ByteBuffer, entry: DescriptorEntry): void {
  switch (entry.kind) {
    case 'file':
      out.u8(16);
      out.u32(entry.openFlags);
      out.str(entry.name, PATH_MAX);
      out.u32(entry.dev);
      return;
    case 'directory':
    case 'fifo':
    case 'other':
      out.u8(FILE_KINDS[entry.kind]);
      out.str(entry.name, PATH_MAX);
      return;
    case 'unix':
      out.u8(8);
      out.u64(0);
      out.u64(0);
      out.str(entry.path, PATH_MAX);
      return;
    case 'connection':
    case 'listener':
      socketEntry(out, entry);
      return;
  }
}

function socketEntry(
  out: ByteBuffer,
  entry: Extract<DescriptorEntry, { kind: 'connection' | 'listener' }>,
): void {
  const ends = entry.kind === 'connection' ? [entry.local, entry.remote] : [entry.local];
  let addresses = ends.map((end) => ipBytes(end.ip) ?? new Uint8Array(4));
  const isV6 = addresses.some((address) => address.length === 16);
  if (isV6) addresses = addresses.map(asIpv6);
  if (entry.kind === 'connection') out.u8(isV6 ? 4 : 3);
  else out.u8(isV6 ? 6 : 5);
  for (const address of addresses) out.raw(address);
  for (const end of ends) out.u16(end.port);
  out.u8(PROTOCOLS[entry.l4proto]);
}
