// Facts of this machine for the head of a capture.
import { readFileSync } from 'node:fs';
import { cpus, hostname, networkInterfaces, totalmem } from 'node:os';
import { parseGroups, parseUsers } from './accounts.ts';
import type { InterfaceEntry, MachineFacts } from './snapshot.ts';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The highest address of an IPv4 network. */
function broadcast(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => Number(part) | (~(mask[index] ?? 255) & 255))
    .join('.');
}

function interfaces(): InterfaceEntry[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map(({ address, netmask, family }) => ({
      name,
      address,
      netmask,
      broadcast: family === 'IPv4' ? broadcast(address, netmask) : '',
    })),
  );
}

/** Reads /proc, /etc/passwd and /etc/group; what cannot be read is left empty. */
export function machineFacts(): MachineFacts {
  const boot = /^btime (\d+)$/m.exec(read('/proc/stat'))?.[1] ?? '0';
  return {
    hostname: hostname(),
    cpus: cpus().length,
    memoryBytes: totalmem(),
    maxPid: Number(read('/proc/sys/kernel/pid_max').trim()) || 0,
    bootTimeNs: BigInt(boot) * 1_000_000_000n,
    interfaces: interfaces(),
    users: parseUsers(read('/etc/passwd')),
    groups: parseGroups(read('/etc/group')),
  };
}
