// How far a running container can be reached from outside, as far as its runtime tells. Pure.
import type { Container, PublishedPort } from './container.ts';

/** Most exposed first; `unknown` without evidence. */
export const EXPOSURES = [
  'internet',
  'published',
  'host-network',
  'loopback',
  'internal',
  'none',
  'unknown',
] as const;
/**
 * `internet`: published on a public address; `published`: on every address of the host, or on a private one;
 * `host-network`: in the network of the host; `loopback`: published for the host itself alone; `internal`: reached by
 * other containers alone; `none`: no network.
 */
export type Exposure = (typeof EXPOSURES)[number];

/** Levels at which others than the host and its containers may reach it. */
export const EXPOSED: readonly Exposure[] = ['internet', 'published', 'host-network'];

export interface WorkloadExposure {
  readonly level: Exposure;
  /** Ports inside the container that make it so, `80/tcp`, and `+3` for those beyond the first eight. */
  readonly ports: readonly string[];
  /** Where on the host, `0.0.0.0:8080`, likewise. */
  readonly endpoints: readonly string[];
  /** Who breaks in is not held by the container. */
  readonly privileged: boolean;
}

export const UNKNOWN_EXPOSURE: WorkloadExposure = {
  level: 'unknown',
  ports: [],
  endpoints: [],
  privileged: false,
};

const MOST_SHOWN = 8;
/** Of several containers the first of these counts: what is not known may be worse than what is known to be little. */
const GRAVEST: readonly Exposure[] = [...EXPOSED, 'unknown', 'loopback', 'internal', 'none'];

const PRIVATE: readonly RegExp[] = [
  /^10\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^192\.168\./,
  /^169\.254\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^f[cd][0-9a-f]{2}:/,
  /^fe[89ab][0-9a-f]:/,
];

/** Who reaches a port that is bound to this address of the host; an address that nobody can read counts as every one. */
export function reachOfAddress(address: string): 'internet' | 'published' | 'loopback' {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain)) return 'loopback';
  if (plain === '::' || /^0+\.0+\.0+\.0+$/.test(plain)) return 'published';
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(plain) || /^[0-9a-f]*:[0-9a-f:.]+$/.test(plain);
  return !isAddress || PRIVATE.some((range) => range.test(plain)) ? 'published' : 'internet';
}

function firstOf(texts: readonly string[]): readonly string[] {
  const all = [...new Set(texts)];
  const more = all.length - MOST_SHOWN;
  return more > 0 ? [...all.slice(0, MOST_SHOWN), `+${more}`] : all;
}

function byPort(a: PublishedPort, b: PublishedPort): number {
  return a.containerPort - b.containerPort || a.hostPort - b.hostPort;
}

function ofPorts(ports: readonly PublishedPort[], privileged: boolean): WorkloadExposure {
  const levels = ports.map(({ address }) => reachOfAddress(address));
  const level = EXPOSED.find((each) => levels.includes(each as 'internet')) ?? 'loopback';
  const shown = ports.filter((_, at) => levels[at] === level).toSorted(byPort);
  return {
    level,
    ports: firstOf(shown.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`)),
    endpoints: firstOf(
      shown.map(({ address, hostPort }) =>
        address.includes(':') ? `[${address}]:${hostPort}` : `${address || '0.0.0.0'}:${hostPort}`,
      ),
    ),
    privileged,
  };
}

type Reachable = Pick<Container, 'networkMode' | 'privileged' | 'ports' | 'kubernetes'>;

/** @param other a container by id: one may share the network of another. */
export function exposureOfContainer(
  container: Reachable,
  other: (id: string) => Reachable | undefined = () => undefined,
): WorkloadExposure {
  const { networkMode, privileged, ports, kubernetes } = container;
  const plain = (level: Exposure): WorkloadExposure => ({ ...UNKNOWN_EXPOSURE, level, privileged });
  if (networkMode.startsWith('container:')) {
    const owner = other(networkMode.slice('container:'.length));
    return owner === undefined || owner.networkMode.startsWith('container:')
      ? plain('unknown')
      : { ...exposureOfContainer(owner), privileged };
  }
  if (networkMode === 'host') return plain('host-network');
  if (networkMode === 'none') return plain('none');
  if (ports === undefined) return plain('unknown');
  if (ports.length > 0) return ofPorts(ports, privileged);
  // A service of the cluster may lead to any pod.
  return plain(kubernetes === undefined ? 'internal' : 'unknown');
}

/** The one that counts of two. */
export function graverOf(a: Exposure, b: Exposure): Exposure {
  return GRAVEST.indexOf(a) <= GRAVEST.indexOf(b) ? a : b;
}

export function isExposed(level: Exposure): boolean {
  return EXPOSED.includes(level);
}

/** Of all containers of an image: the most exposed counts. None: nobody knows. */
export function gravestExposure(all: readonly WorkloadExposure[]): WorkloadExposure {
  const level = GRAVEST.find((each) => all.some((one) => one.level === each)) ?? 'unknown';
  const same = all.filter((one) => one.level === level);
  return {
    level,
    ports: merged(same.map(({ ports }) => ports)),
    endpoints: merged(same.map(({ endpoints }) => endpoints)),
    privileged: all.some(({ privileged }) => privileged),
  };
}

/** Whether it is less than before: then it can wait, what is more cannot. */
export function isLessExposed(now: WorkloadExposure, before: WorkloadExposure): boolean {
  const by = GRAVEST.indexOf(now.level) - GRAVEST.indexOf(before.level);
  return now.privileged === before.privileged ? by > 0 : before.privileged;
}

/** Equal for all that findings say the same of; empty when there is nothing to say. */
export function exposureSignature({ level, ports, privileged }: WorkloadExposure): string {
  return level === 'unknown' && !privileged ? '' : JSON.stringify([level, privileged, ...ports]);
}

function merged(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = lists;
  if (others.length === 0) return first;
  return firstOf(
    lists
      .flat()
      .filter((text) => !text.startsWith('+'))
      .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1)),
  );
}
