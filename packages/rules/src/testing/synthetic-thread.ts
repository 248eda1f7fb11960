// Threads and containers made of short descriptions.
import { bareContainer, type Container, HOST, type Thread } from '@guardcell/core';
import { CAPABILITY_NAMES, capabilityBit } from '../events/capabilities.ts';
import { joinPath } from '../events/resolve-path.ts';
import { fileNameOf } from '../fields/path-parts.ts';
import type { ContainerSpec, ProcessSpec } from './event-spec.ts';

const DEFAULT_ID = '3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e';
const MAX_COMM = 15;
const FIRST_PID = 4000;
const NS_PER_MS = 1_000_000n;

const PARENT_ON_HOST: ProcessSpec = { name: 'systemd', pid: 1, exePath: '/usr/lib/systemd/systemd' };
const PARENT_IN_CONTAINER: ProcessSpec = {
  name: 'containerd-shim',
  exePath: '/usr/bin/containerd-shim-runc-v2',
};

/** The container of a description; `host` when it is left out. */
export function syntheticContainer(spec: 'host' | ContainerSpec | undefined): Container {
  if (spec === undefined || spec === 'host') return HOST;
  const reference = spec.image ?? 'docker.io/library/app:1.0';
  const image = splitReference(reference);
  const inPod = spec.pod !== undefined || spec.namespace !== undefined || spec.podLabels !== undefined;
  return {
    ...bareContainer(spec.id ?? DEFAULT_ID),
    name: spec.name ?? 'app',
    runtime: inPod ? 'containerd' : 'docker',
    state: 'running',
    image: { reference, ...image, digest: spec.digest ?? image.digest, id: '' },
    labels: spec.labels ?? {},
    mounts: (spec.mounts ?? []).map((mount) => ({ type: 'bind', readOnly: false, ...mount })),
    privileged: spec.privileged ?? false,
    networkMode: spec.networkMode ?? 'bridge',
    ip: '172.17.0.2',
    pid: FIRST_PID,
    startedAtMs: 1_700_000_000_000,
    createdAtMs: 1_700_000_000_000,
    complete: true,
    ...(inPod
      ? {
          kubernetes: {
            namespace: spec.namespace ?? 'default',
            podName: spec.pod ?? 'app-0',
            podUid: '6f6e5a3c-0000-4000-8000-000000000001',
            containerName: spec.name ?? 'app',
            podLabels: spec.podLabels ?? {},
          },
        }
      : {}),
  };
}

function splitReference(reference: string): {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
} {
  const [named = '', digest = ''] = reference.split('@');
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  return {
    repository: tagged ? named.slice(0, colon) : named,
    tag: tagged ? named.slice(colon + 1) : digest === '' ? 'latest' : '',
    digest,
  };
}

/** The thread with its chain of parents. */
export function syntheticThread(spec: ProcessSpec, container: Container, nowNs: bigint): Thread {
  const inContainer = container.id !== HOST.id;
  const chain = spec.parents ?? [inContainer ? PARENT_IN_CONTAINER : PARENT_ON_HOST];
  let parent: Thread | undefined;
  for (let at = chain.length - 1; at >= 0; at -= 1) {
    // The shim that a container gets by default runs on the host.
    const home = spec.parents === undefined ? HOST : container;
    parent = makeThread(chain[at] ?? {}, home, nowNs, parent, FIRST_PID + chain.length - at - 1);
  }
  return makeThread(spec, container, nowNs, parent, FIRST_PID + chain.length);
}

function makeThread(
  spec: ProcessSpec,
  container: Container,
  nowNs: bigint,
  parent: Thread | undefined,
  defaultPid: number,
): Thread {
  const words = commandWords(spec);
  const name = (spec.name ?? fileNameOf(spec.exe ?? words.exe ?? spec.exePath ?? 'app')).slice(0, MAX_COMM);
  const pid = spec.pid ?? defaultPid;
  const vpid = spec.vpid ?? (container.id === HOST.id ? pid : pid - FIRST_PID + 1);
  const exe = spec.exe ?? words.exe ?? name;
  const capabilities = capabilityBits(spec.capabilities);
  return {
    tid: pid,
    pid,
    ppid: parent?.pid ?? 0,
    vtid: vpid,
    vpid,
    sid: spec.sid ?? pid,
    pgid: spec.pgid ?? pid,
    vpgid: spec.vpgid ?? vpid,
    comm: name,
    exe,
    exePath: spec.exePath ?? (exe.startsWith('/') ? joinPath('/', exe) : `/usr/bin/${name}`),
    args: words.args,
    env: environment(spec.env),
    cwd: spec.cwd ?? '/',
    tty: spec.tty ?? 0,
    uid: spec.uid ?? 0,
    gid: spec.gid ?? 0,
    loginUid: spec.loginUid ?? -1,
    capEffective: capabilities,
    capPermitted: capabilities,
    capInheritable: 0n,
    exeWritable: spec.exeWritable ?? false,
    exeUpperLayer: spec.exeUpperLayer ?? false,
    exeLowerLayer: spec.exeLowerLayer ?? (container.id !== HOST.id && spec.exeUpperLayer !== true),
    exeFromMemfd: spec.exeFromMemfd ?? false,
    exeInode: 1000 + pid,
    exeInodeCtimeNs: 1_600_000_000_000_000_000n,
    exeInodeMtimeNs: 1_600_000_000_000_000_000n,
    startTimeNs: nowNs - BigInt(Math.trunc(spec.startedMsAgo ?? 0)) * NS_PER_MS,
    cgroup: container.id === HOST.id ? '/system.slice' : `/system.slice/docker-${container.id}.scope`,
    container,
    parent: () => parent,
  };
}

interface CommandWords {
  readonly exe: string | undefined;
  readonly args: readonly string[];
}

function commandWords(spec: ProcessSpec): CommandWords {
  if (spec.args !== undefined) {
    return { exe: undefined, args: typeof spec.args === 'string' ? splitWords(spec.args) : spec.args };
  }
  if (spec.cmdline === undefined) return { exe: undefined, args: [] };
  const [exe, ...args] = splitWords(spec.cmdline);
  return { exe, args };
}

/** Splits as a shell does with quotes; the quotes themselves are dropped, as in an argv. */
function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*'|["'])+/g)) {
    words.push(
      match[0].replace(
        /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
        (_, double?: string, single?: string) => double ?? single ?? '',
      ),
    );
  }
  return words;
}

function environment(env: ProcessSpec['env']): readonly string[] {
  if (env === undefined) return [];
  if (isList(env)) return env;
  return Object.entries(env).map(([key, value]) => `${key}=${value}`);
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function capabilityBits(names: ProcessSpec['capabilities']): bigint {
  if (names === undefined) return 0n;
  if (names === 'all') return (1n << BigInt(CAPABILITY_NAMES.length)) - 1n;
  return names.reduce((bits, name) => bits | (capabilityBit(name) ?? 0n), 0n);
}
