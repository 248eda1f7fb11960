// Linux capabilities as runtimes grant them. Spec: capabilities(7), Docker's default set.

/** Every capability by its number (linux/capability.h). */
export const ALL_CAPABILITIES: readonly string[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'IPC_OWNER',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_CHROOT',
  'SYS_PTRACE',
  'SYS_PACCT',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'MKNOD',
  'LEASE',
  'AUDIT_WRITE',
  'AUDIT_CONTROL',
  'SETFCAP',
  'MAC_OVERRIDE',
  'MAC_ADMIN',
  'SYSLOG',
  'WAKE_ALARM',
  'BLOCK_SUSPEND',
  'AUDIT_READ',
  'PERFMON',
  'BPF',
  'CHECKPOINT_RESTORE',
].map((name) => `CAP_${name}`);

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set(
  [
    'AUDIT_WRITE',
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'MKNOD',
    'NET_BIND_SERVICE',
    'NET_RAW',
    'SETFCAP',
    'SETGID',
    'SETPCAP',
    'SETUID',
    'SYS_CHROOT',
  ].map((name) => `CAP_${name}`),
);

function normalized(names: readonly string[]): Set<string> {
  return new Set(
    names.map((name) => {
      const upper = name.toUpperCase();
      return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
    }),
  );
}

/**
 * What a container may do, from how it was asked for: the default set, plus `add`, minus `drop`, where `ALL` stands
 * for every capability and a name given explicitly wins over `ALL`. In the kernel's order.
 */
export function effectiveCapabilities(
  add: readonly string[],
  drop: readonly string[],
  privileged: boolean,
): readonly string[] {
  if (privileged) return ALL_CAPABILITIES;
  const added = normalized(add);
  const dropped = normalized(drop);
  return ALL_CAPABILITIES.filter((name) => {
    if (dropped.has(name)) return false;
    if (added.has(name) || added.has('ALL')) return true;
    return !dropped.has('ALL') && DEFAULT_CAPABILITIES.has(name);
  });
}
