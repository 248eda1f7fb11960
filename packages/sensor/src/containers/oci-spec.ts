// What an OCI runtime specification tells of a container. Spec: opencontainers/runtime-spec config.md, config-linux.md.
import type { ContainerMount } from '@guardcell/core';
import { ALL_CAPABILITIES } from './capabilities.ts';
import { listOf, objectOf, textOf, textsOf } from './json-fields.ts';

export interface SpecFacts {
  readonly capabilities: readonly string[];
  readonly mounts: readonly ContainerMount[];
  readonly privileged: boolean;
  /** `host` when the container has no network namespace of its own, a path when it joins one, else `private`. */
  readonly network: string;
}

/** Mounts that every container has and that lead nowhere on the host. */
const VIRTUAL = new Set(['proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue']);

function mountOf(value: unknown): ContainerMount {
  const mount = objectOf(value);
  return {
    type: textOf(mount['type']),
    source: textOf(mount['source']),
    destination: textOf(mount['destination']),
    readOnly: textsOf(mount['options']).includes('ro'),
  };
}

/**
 * Runtimes do not keep the word "privileged": a container counts as privileged when it holds every capability that
 * matters for leaving it, may use every device, and has no masked paths. (A kernel or an outer container can withhold
 * a few capabilities, so "all" is not asked for.)
 */
function isPrivileged(capabilities: readonly string[], linux: Readonly<Record<string, unknown>>): boolean {
  const powerful = ['CAP_SYS_ADMIN', 'CAP_SYS_MODULE', 'CAP_SYS_RAWIO', 'CAP_SYS_PTRACE', 'CAP_NET_ADMIN'];
  if (!powerful.every((name) => capabilities.includes(name))) return false;
  const devices = listOf(objectOf(linux['resources'])['devices']).map(objectOf);
  const everyDevice = devices.some((rule) => {
    const kind = textOf(rule['type']);
    const limited = rule['major'] !== undefined && rule['major'] !== null && rule['major'] !== -1;
    return rule['allow'] === true && (kind === '' || kind === 'a') && !limited;
  });
  return everyDevice && textsOf(linux['maskedPaths']).length === 0;
}

function networkOf(linux: Readonly<Record<string, unknown>>): string {
  const network = listOf(linux['namespaces'])
    .map(objectOf)
    .find((namespace) => namespace['type'] === 'network');
  if (network === undefined) return 'host';
  return textOf(network['path']) || 'private';
}

/** Reads an OCI specification (parsed JSON); whatever is missing reads as absent. */
export function specFacts(spec: unknown): SpecFacts {
  const linux = objectOf(objectOf(spec)['linux']);
  const sets = objectOf(objectOf(objectOf(spec)['process'])['capabilities']);
  const held = new Set(textsOf(sets['bounding']));
  const capabilities = ALL_CAPABILITIES.filter((name) => held.has(name));
  return {
    capabilities,
    mounts: listOf(objectOf(spec)['mounts'])
      .map(mountOf)
      .filter((mount) => !VIRTUAL.has(mount.type)),
    privileged: isPrivileged(capabilities, linux),
    network: networkOf(linux),
  };
}
