// container.*: the container that the process runs in.
import { type Container, type ContainerMount, isHost, shortContainerId, type Thread } from '@guardcell/core';
import { globMatcher } from '../operators/glob.ts';
import { absentField, argumentField, type FieldDefinition, known, plainField } from './field.ts';
import { labelField, labelsText } from './label-field.ts';

const NS_PER_MS = 1_000_000n;

function mountText(mount: ContainerMount): string {
  return `${mount.source}:${mount.destination}:${mount.type}:${mount.readOnly ? 'false' : 'true'}:`;
}

function mountFinder(
  argument: string,
  key: 'source' | 'destination',
): (container: Container) => ContainerMount | undefined {
  if (/^\d{1,4}$/.test(argument)) return (container) => container.mounts[Number(argument)];
  const matches = globMatcher(argument, false);
  return (container) => container.mounts.find((mount) => matches(mount[key]));
}

function mountField(
  name: string,
  doc: string,
  key: 'source' | 'destination',
  read: (mount: ContainerMount) => string | undefined,
): FieldDefinition {
  return argumentField(name, 'string', doc, 'required', (argument) => {
    const find = mountFinder(argument ?? '', key);
    return (event) => {
      const mount = find(event.thread.container);
      return mount === undefined ? undefined : read(mount);
    };
  });
}

const IDENTITY: readonly FieldDefinition[] = [
  plainField('container.id', 'string', 'First 12 digits of the container id, host outside containers.', (e) =>
    shortContainerId(e.thread.container.id),
  ),
  plainField('container.full_id', 'string', 'Full container id.', (e) => known(e.thread.container.id)),
  plainField('container.name', 'string', 'Name of the container.', (e) => known(e.thread.container.name)),
  plainField('container.type', 'string', 'Container runtime, host outside containers.', (e) => {
    const runtime = e.thread.container.runtime;
    return runtime === 'unknown' ? undefined : runtime;
  }),
  plainField('container.image', 'string', 'Image as the user named it.', (e) =>
    known(e.thread.container.image.reference),
  ),
  plainField('container.image.id', 'string', 'Id of the image, 12 digits.', (e) =>
    known(e.thread.container.image.id.replace(/^sha256:/, '').slice(0, 12)),
  ),
  plainField('container.image.repository', 'string', 'Image without tag and digest.', (e) =>
    known(e.thread.container.image.repository),
  ),
  plainField('container.image.tag', 'string', 'Tag of the image.', (e) =>
    known(e.thread.container.image.tag),
  ),
  plainField('container.image.digest', 'string', 'Digest of the image’s manifest.', (e) =>
    known(e.thread.container.image.digest),
  ),
  plainField('container.ip', 'string', 'First address of the container.', (e) =>
    known(e.thread.container.ip),
  ),
];

/** As the runtime says; until it does, the start of the container's own pid namespace. */
function startNs(thread: Thread): bigint | undefined {
  const { container, pidNamespaceStartNs = 0n } = thread;
  if (container.startedAtMs > 0) return BigInt(Math.trunc(container.startedAtMs)) * NS_PER_MS;
  const isOwn = !isHost(container) && thread.vpid !== thread.pid;
  return isOwn && pidNamespaceStartNs > 0n ? pidNamespaceStartNs : undefined;
}

const SETTINGS: readonly FieldDefinition[] = [
  plainField('container.privileged', 'bool', 'Whether the container runs privileged.', (e) =>
    e.thread.container.complete && !isHost(e.thread.container) ? e.thread.container.privileged : undefined,
  ),
  plainField('container.host_network', 'bool', 'Whether the container shares the host’s network.', (e) =>
    e.thread.container.complete && !isHost(e.thread.container)
      ? e.thread.container.networkMode === 'host'
      : undefined,
  ),
  absentField('container.host_pid', 'bool', 'Whether the container shares the host’s pid namespace.'),
  absentField('container.host_ipc', 'bool', 'Whether the container shares the host’s IPC namespace.'),
  plainField('container.start_ts', 'abstime', 'Start of the container, ns since 1970.', (e) =>
    startNs(e.thread),
  ),
  plainField('container.duration', 'reltime', 'Nanoseconds since the container started.', (e) => {
    const start = startNs(e.thread);
    return start === undefined ? undefined : e.timeNs - start;
  }),
  labelField('container.label', 'One label of the container.', (container) => container.labels),
  plainField('container.labels', 'string', 'Labels of the container as key:value.', (e) =>
    labelsText(e.thread.container.labels),
  ),
  ...(
    [
      'container.healthcheck',
      'container.liveness_probe',
      'container.readiness_probe',
      'container.cni.json',
    ] as const
  ).map((name) =>
    absentField(name, 'string', 'Configuration that the container runtime does not give to Guardcell.'),
  ),
];

const MOUNTS: readonly FieldDefinition[] = [
  plainField('container.mounts', 'string', 'All mounts as source:destination:type:writable.', (e) =>
    e.thread.container.mounts.length === 0 ? undefined : e.thread.container.mounts.map(mountText).join(','),
  ),
  mountField('container.mount', 'One mount, by number or source (globs allowed).', 'source', mountText),
  mountField(
    'container.mount.source',
    'Source of a mount, by number or destination.',
    'destination',
    (mount) => mount.source,
  ),
  mountField(
    'container.mount.dest',
    'Destination of a mount, by number or source.',
    'source',
    (mount) => mount.destination,
  ),
  mountField(
    'container.mount.mode',
    'Kind of a mount, by number or source.',
    'source',
    (mount) => mount.type,
  ),
  mountField(
    'container.mount.rdwr',
    'Whether a mount is writable, by number or source.',
    'source',
    (mount) => (mount.readOnly ? 'false' : 'true'),
  ),
  absentField('container.mount.propagation', 'string', 'How mounts spread; not recorded.', {
    argument: 'required',
  }),
];

export const CONTAINER_FIELDS: readonly FieldDefinition[] = [...IDENTITY, ...SETTINGS, ...MOUNTS];
