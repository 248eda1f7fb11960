// ka.req.pod.*: the pod in a request, with its ordinary, init and ephemeral containers and its volumes.
import type { FieldDefinition } from './field.ts';
import { auditItems, auditKeyed, auditList, auditMember, auditText } from './k8s-audit-field.ts';
import { itemsAt, member, NOT_SET, textOf, texts, textsOf, walk } from './k8s-audit-value.ts';

const SPEC = ['requestObject', 'spec'] as const;
const VOLUMES = [...SPEC, 'volumes'] as const;
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

type ContainerList = (typeof CONTAINER_LISTS)[number];
type ReadContainer = (container: unknown) => string | undefined;

const WHOSE: Readonly<Record<ContainerList, string>> = {
  containers: 'the containers',
  initContainers: 'the init containers',
  ephemeralContainers: 'the ephemeral containers',
};

/** `repo/name` of `repo/name:tag@digest`; the port of a registry is part of it. */
export function repositoryOf(image: string): string {
  const at = image.indexOf('@');
  const named = at < 0 ? image : image.slice(0, at);
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}

/** The words of a command in one text; undefined unless all are texts. */
function words(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string')) return undefined;
  return value.join(' ');
}

/** One value for each container, with a placeholder where one lacks it; undefined when all do. */
function perContainer(
  document: unknown,
  list: ContainerList,
  index: number | undefined,
  read: ReadContainer,
): readonly string[] | undefined {
  const values = itemsAt(document, [...SPEC, list], index)?.map(read);
  if (values?.some((value) => value !== undefined) !== true) return undefined;
  return values.map((value) => value ?? NOT_SET);
}

const security =
  (key: string): ReadContainer =>
  (container) =>
    textOf(walk(container, ['securityContext', key]));

const image: ReadContainer = (container) => textOf(member(container, 'image'));

const repository: ReadContainer = (container) => {
  const reference = image(container);
  return reference === undefined ? undefined : repositoryOf(reference);
};

/** Host ports; a port without one counts with its own number, which is the host's in the host network. */
function hostPorts(container: unknown): readonly unknown[] {
  const ports = member(container, 'ports');
  if (!Array.isArray(ports)) return [];
  return ports.map((port) => member(port, 'hostPort') ?? member(port, 'containerPort'));
}

function addedCapabilities(container: unknown): readonly unknown[] {
  const added = walk(container, ['securityContext', 'capabilities', 'add']);
  return Array.isArray(added) ? added : [];
}

/** The container's own setting, else the pod's, else root. */
function effective(
  document: unknown,
  list: ContainerList,
  index: number | undefined,
  key: string,
): readonly string[] | undefined {
  const ofPod = textOf(walk(document, [...SPEC, 'securityContext', key])) ?? '0';
  return itemsAt(document, [...SPEC, list], index)?.map((container) => security(key)(container) ?? ofPod);
}

function containerFields(list: ContainerList): readonly FieldDefinition[] {
  const prefix = `ka.req.pod.${list}`;
  const of = WHOSE[list];
  const one = (name: string, doc: string, read: ReadContainer): FieldDefinition =>
    auditItems(`${prefix}.${name}`, doc, (document, index) => perContainer(document, list, index, read));
  const many = (
    name: string,
    doc: string,
    read: (container: unknown) => readonly unknown[],
  ): FieldDefinition =>
    auditItems(`${prefix}.${name}`, doc, (document, index) =>
      texts((itemsAt(document, [...SPEC, list], index) ?? []).flatMap(read)),
    );
  const all = (name: string, doc: string, key: string): FieldDefinition =>
    auditItems(`${prefix}.${name}`, doc, (document, index) => {
      const values = effective(document, list, index, key);
      return values?.length === 0 ? undefined : values;
    });
  return [
    one('name', `Names of ${of}.`, (container) => textOf(member(container, 'name'))),
    one('image', `Images of ${of}.`, image),
    one('image.repository', `Images of ${of} without tag and digest.`, repository),
    one('command', `Commands of ${of}, each in one text.`, (container) =>
      words(member(container, 'command')),
    ),
    one('args', `Arguments of ${of}, each in one text.`, (container) => words(member(container, 'args'))),
    one('privileged', `Whether ${of} are privileged.`, security('privileged')),
    one(
      'allow_privilege_escalation',
      `Whether processes of ${of} may gain privileges.`,
      security('allowPrivilegeEscalation'),
    ),
    one(
      'read_only_fs',
      `Whether the root file system of ${of} is read-only.`,
      security('readOnlyRootFilesystem'),
    ),
    one('run_as_user', `User ids set for ${of}.`, security('runAsUser')),
    all('eff_run_as_user', `User ids that ${of} start with: their own, the pod’s or 0.`, 'runAsUser'),
    one('run_as_group', `Group ids set for ${of}.`, security('runAsGroup')),
    all('eff_run_as_group', `Group ids that ${of} start with: their own, the pod’s or 0.`, 'runAsGroup'),
    one('proc_mount', `How /proc is mounted in ${of}.`, security('procMount')),
    many('add_capabilities', `Capabilities added to ${of}.`, addedCapabilities),
    // The API refuses ports of ephemeral containers.
    ...(list === 'ephemeralContainers'
      ? []
      : [many('host_port', `Ports of the host that ${of} use.`, hostPorts)]),
  ];
}

/** Values of one kind of volume, in the order of the volumes; other volumes are passed over. */
function volumeValues(name: string, doc: string, ...path: readonly string[]): FieldDefinition {
  return auditItems(`ka.req.pod.volumes.${name}`, doc, (document, index) =>
    texts((itemsAt(document, VOLUMES, index) ?? []).map((volume) => walk(volume, path))),
  );
}

function volumeTypes(document: unknown, index: number | undefined): readonly string[] | undefined {
  const volumes = itemsAt(document, VOLUMES, index) ?? [];
  return texts(
    volumes.flatMap((volume) =>
      typeof volume === 'object' && volume !== null && !Array.isArray(volume)
        ? Object.keys(volume).filter((key) => key !== 'name')
        : [],
    ),
  );
}

/** Whether some volume mounts the path of the host; `/etc*` asks for paths that begin with it. */
function mountsHostPath(document: unknown, wanted: string): string | undefined {
  const volumes = itemsAt(document, VOLUMES, undefined);
  if (volumes === undefined) return undefined;
  const prefix = wanted.endsWith('*') ? wanted.slice(0, -1) : undefined;
  return String(
    volumes.some((volume) => {
      const path = textOf(walk(volume, ['hostPath', 'path']));
      if (path === undefined) return false;
      return path === wanted || (prefix !== undefined && path.startsWith(prefix));
    }),
  );
}

function podMember(name: string, doc: string, ...path: readonly string[]): FieldDefinition {
  return auditMember(`ka.req.pod.${name}`, doc, ...SPEC, ...path);
}

const POD: readonly FieldDefinition[] = [
  podMember('host_ipc', 'Whether the pod uses the host’s IPC namespace.', 'hostIPC'),
  podMember('host_network', 'Whether the pod uses the host’s network.', 'hostNetwork'),
  podMember('host_pid', 'Whether the pod sees the host’s processes.', 'hostPID'),
  podMember('run_as_user', 'User id set for the pod.', 'securityContext', 'runAsUser'),
  podMember('run_as_group', 'Group id set for the pod.', 'securityContext', 'runAsGroup'),
  podMember('fs_group', 'Group id that owns the pod’s volumes.', 'securityContext', 'fsGroup'),
  auditList('ka.req.pod.supplemental_groups', 'Further group ids of the pod’s processes.', (document) =>
    textsOf(walk(document, [...SPEC, 'securityContext', 'supplementalGroups'])),
  ),
  volumeValues('hostpath', 'Paths of the host that volumes of the pod mount.', 'hostPath', 'path'),
  volumeValues('flexvolume_driver', 'Flexvolume drivers of the pod’s volumes.', 'flexVolume', 'driver'),
  auditItems('ka.req.pod.volumes.volume_type', 'Types of the pod’s volumes.', volumeTypes),
];

/** Names of earlier versions, which look at the first container or at any of them. */
const OLD_NAMES: readonly FieldDefinition[] = [
  auditText('ka.req.container.image', 'Image of the first container.', (document) =>
    image(walk(document, [...SPEC, 'containers', '0'])),
  ),
  auditText('ka.req.container.image.repository', 'Image of the first container without tag.', (document) =>
    repository(walk(document, [...SPEC, 'containers', '0'])),
  ),
  auditMember('ka.req.container.host_network', 'As ka.req.pod.host_network.', ...SPEC, 'hostNetwork'),
  auditText('ka.req.container.privileged', 'Whether any container is privileged.', (document) => {
    const containers = itemsAt(document, [...SPEC, 'containers'], undefined);
    return containers === undefined
      ? undefined
      : String(containers.some((each) => walk(each, ['securityContext', 'privileged']) === true));
  }),
  auditKeyed('ka.req.volume.hostpath', 'Whether a volume mounts the given path of the host.', mountsHostPath),
];

export const K8S_AUDIT_POD_FIELDS: readonly FieldDefinition[] = [
  ...POD,
  ...CONTAINER_LISTS.flatMap(containerFields),
  // Rules may go on using them: no warning.
  ...OLD_NAMES,
];
