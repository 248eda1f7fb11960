// From Docker's container and image descriptions to ours. Spec: ContainerInspect and ImageInspect of the Engine API.
import { bareContainer, type Container, type ContainerMount, type ContainerState } from '@guardcell/core';
import { effectiveCapabilities } from '../../capabilities.ts';
import { digestOf, isImageId, parseImageReference } from '../../image-reference.ts';
import { listOf, numberOf, objectOf, textMapOf, textOf, textsOf, timeMsOf } from '../../json-fields.ts';
import { kubernetesIdentity } from '../../kubernetes-identity.ts';
import { publishedPorts } from './published-ports.ts';

export interface DockerImage {
  readonly repoDigests: readonly string[];
  readonly repoTags: readonly string[];
}

/** What a container's image is called when only its id is known. */
export function dockerImageOf(inspected: unknown): DockerImage {
  const image = objectOf(inspected);
  return { repoDigests: textsOf(image['RepoDigests']), repoTags: textsOf(image['RepoTags']) };
}

const STATES: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  restarting: 'exited',
  paused: 'paused',
  removing: 'exited',
  exited: 'exited',
  dead: 'exited',
};

function mountOf(value: unknown): ContainerMount {
  const mount = objectOf(value);
  return {
    type: textOf(mount['Type']),
    source: textOf(mount['Source']),
    destination: textOf(mount['Destination']),
    readOnly: mount['RW'] === false,
  };
}

/** Tmpfs mounts stand in the host configuration alone. */
function tmpfsMounts(hostConfig: Readonly<Record<string, unknown>>): ContainerMount[] {
  return Object.entries(textMapOf(hostConfig['Tmpfs'])).map(([destination, options]) => ({
    type: 'tmpfs',
    source: '',
    destination,
    readOnly: options.split(',').includes('ro'),
  }));
}

function firstAddress(networkSettings: unknown): string {
  const settings = objectOf(networkSettings);
  const own = textOf(settings['IPAddress']);
  if (own !== '') return own;
  const networks = Object.values(objectOf(settings['Networks'])).map(objectOf);
  const addresses = networks.flatMap((net) => [textOf(net['IPAddress']), textOf(net['GlobalIPv6Address'])]);
  return addresses.find((address) => address !== '') ?? '';
}

/** Docker's `default` network is the bridge. */
function networkModeOf(mode: string): string {
  return mode === 'default' || mode === '' ? 'bridge' : mode;
}

/** Ids of the networks that a container is in. */
export function networksOf(inspected: unknown): readonly string[] {
  const networks = objectOf(objectOf(objectOf(inspected)['NetworkSettings'])['Networks']);
  return Object.values(networks)
    .map((network) => textOf(objectOf(network)['NetworkID']))
    .filter((id) => id !== '');
}

/**
 * A container from the answer of `GET /containers/{id}/json`; undefined when that answer has no id.
 * @param drivers of its networks
 */
export function containerOfInspect(
  inspected: unknown,
  image: DockerImage,
  drivers: readonly string[],
): Container | undefined {
  const facts = objectOf(inspected);
  const id = textOf(facts['Id']);
  if (id === '') return undefined;
  const config = objectOf(facts['Config']);
  const state = objectOf(facts['State']);
  const hostConfig = objectOf(facts['HostConfig']);
  const asked = textOf(config['Image']);
  const reference = isImageId(asked) ? (image.repoTags[0] ?? asked) : asked;
  const parts = parseImageReference(reference);
  const labels = textMapOf(config['Labels']);
  const privileged = hostConfig['Privileged'] === true;
  const kubernetes = kubernetesIdentity(labels);
  const ports = publishedPorts(facts, drivers);
  return {
    id,
    name: textOf(facts['Name']).replace(/^\//, ''),
    runtime: 'docker',
    runtimeNamespace: '',
    state: STATES[textOf(state['Status'])] ?? 'unknown',
    image: {
      reference,
      repository: parts.repository,
      tag: parts.tag,
      digest: parts.digest || digestOf(image.repoDigests, parts.repository),
      id: textOf(facts['Image']),
    },
    labels,
    mounts: [...listOf(facts['Mounts']).map(mountOf), ...tmpfsMounts(hostConfig)],
    privileged,
    capabilities: effectiveCapabilities(
      textsOf(hostConfig['CapAdd']),
      textsOf(hostConfig['CapDrop']),
      privileged,
    ),
    networkMode: networkModeOf(textOf(hostConfig['NetworkMode'])),
    ip: firstAddress(facts['NetworkSettings']),
    ...(ports === undefined ? {} : { ports }),
    pid: numberOf(state['Pid']),
    createdAtMs: timeMsOf(facts['Created']),
    startedAtMs: timeMsOf(state['StartedAt']),
    ...(kubernetes === undefined ? {} : { kubernetes }),
    complete: true,
  };
}

/** What an event alone tells of a container: name, image and labels. Used when it is gone before it can be asked for. */
export function containerOfEvent(id: string, attributes: unknown): Container {
  const { name = '', image = '', ...labels } = textMapOf(attributes);
  const parts = parseImageReference(image);
  const bare = bareContainer(id);
  return {
    ...bare,
    name,
    runtime: 'docker',
    image: { ...bare.image, reference: image, ...parts },
    labels,
    complete: true,
  };
}
