// Which mounts and capabilities give a container a way to the host. Pure.

const RISKY_CAPABILITIES: ReadonlySet<string> = new Set([
  'CAP_SYS_ADMIN',
  'CAP_SYS_MODULE',
  'CAP_SYS_PTRACE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_BOOT',
  'CAP_DAC_READ_SEARCH',
  'CAP_NET_ADMIN',
  'CAP_BPF',
  'CAP_PERFMON',
]);

export function isRiskyCapability(name: string): boolean {
  return RISKY_CAPABILITIES.has(name);
}

const RISKY_TREES = [
  '/etc',
  '/proc',
  '/sys',
  '/dev',
  '/boot',
  '/root',
  '/var/run',
  '/run',
  '/var/lib/docker',
  '/var/lib/kubelet',
  '/var/lib/containerd',
];
/** What runtimes themselves mount into every container. */
const ORDINARY = /\/containers\/[0-9a-f]{64}\/|^\/var\/lib\/kubelet\/pods\//;

/** Whether a mount's source is a part of the host that a container seldom needs. */
export function isRiskyMount(source: string): boolean {
  if (source === '/') return true;
  if (ORDINARY.test(source)) return false;
  return (
    RISKY_TREES.some((tree) => source === tree || source.startsWith(`${tree}/`)) &&
    !source.startsWith('/var/lib/docker/volumes/')
  );
}
