// Which capabilities and mounts open a wide way to the host. Pure.

const RISKY_CAPABILITIES = new Set([
  'CAP_SYS_ADMIN',
  'CAP_SYS_PTRACE',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_NET_ADMIN',
  'CAP_DAC_READ_SEARCH',
  'CAP_BPF',
  'CAP_PERFMON',
]);
const RISKY_SOURCES: readonly RegExp[] = [
  /^\/$/,
  /^\/(?:proc|sys|dev|etc|root|boot)(?:\/|$)/,
  /\/(?:docker|containerd|crio)\.sock$/,
  /^\/var\/(?:run|lib\/(?:docker|kubelet|containerd))(?:\/|$)/,
];

export function isRiskyCapability(name: string): boolean {
  return RISKY_CAPABILITIES.has(name);
}

export function isRiskyMount(type: string, source: string): boolean {
  return type === 'bind' && RISKY_SOURCES.some((pattern) => pattern.test(source));
}
