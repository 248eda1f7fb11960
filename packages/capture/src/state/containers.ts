// Containers of a capture: the id comes from a thread's control groups, the rest from container events.
import { bareContainer, type Container, type ContainerMount, HOST, SHORT_ID_LENGTH } from '@guardcell/core';

const MAX_CONTAINERS = 16_384;
const MAX_MOUNTS = 1024;
const MAX_LABELS = 1024;
/** A longer description is not read. */
const MAX_JSON = 512 * 1024;
/** Of all descriptions that are kept. */
const MAX_TOTAL_JSON = 32 * 1024 * 1024;

/** 64 hexadecimal digits that make a whole component, or follow a runtime's prefix. */
const CONTAINER_ID = /(?:^|[/\-_:])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/g;

/** The innermost container id in the control groups (`subsystem=path` …), or ''. */
export function containerIdOf(cgroups: readonly string[]): string {
  for (const entry of cgroups) {
    if (entry.length < 64) continue;
    let found = '';
    for (const match of entry.matchAll(CONTAINER_ID)) found = match[1] ?? found;
    if (found !== '') return found;
  }
  return '';
}

type Plain = Readonly<Record<string, unknown>>;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown, limit: number): readonly Plain[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, limit).filter((item): item is Plain => typeof item === 'object' && item !== null);
}

function readMount(mount: Plain): ContainerMount {
  return {
    type: text(mount['Mode']),
    source: text(mount['Source']),
    destination: text(mount['Destination']),
    readOnly: mount['RW'] === false,
  };
}

function readLabels(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value)
    .slice(0, MAX_LABELS)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}

/** Numbers of container types in the events, as far as we have a name for them. */
function runtimeOf(value: unknown): Container['runtime'] {
  if (value === 0 || value === 'docker') return 'docker';
  if (value === 6 || value === 8 || value === 'cri' || value === 'cri-o') return 'cri';
  if (value === 7 || value === 'containerd') return 'containerd';
  return 'unknown';
}

function startedMs(container: Plain): number {
  const created = container['created_time'];
  return typeof created === 'number' && Number.isFinite(created) ? created * 1000 : 0;
}

function fromJson(id: string, container: Plain): Container {
  const reference = text(container['image']);
  const repository = text(container['imagerepo']);
  return {
    ...bareContainer(text(container['full_id']) || id),
    name: text(container['name']),
    runtime: runtimeOf(container['type']),
    state: 'running',
    image: {
      reference,
      repository: repository === '' ? repositoryOf(reference) : repository,
      tag: text(container['imagetag']) || tagOf(reference),
      digest: text(container['imagedigest']),
      id: text(container['imageid']),
    },
    labels: readLabels(container['labels']),
    mounts: list(container['Mounts'], MAX_MOUNTS).map(readMount),
    privileged: container['privileged'] === true,
    networkMode: container['host_network'] === true ? 'host' : '',
    ip: text(container['ip']),
    createdAtMs: startedMs(container),
    startedAtMs: startedMs(container),
    complete: true,
  };
}

function repositoryOf(reference: string): string {
  const bare = reference.split('@')[0] ?? '';
  const colon = bare.lastIndexOf(':');
  return colon > bare.lastIndexOf('/') ? bare.slice(0, colon) : bare;
}

function tagOf(reference: string): string {
  const bare = reference.split('@')[0] ?? '';
  const colon = bare.lastIndexOf(':');
  return colon > bare.lastIndexOf('/') ? bare.slice(colon + 1) : '';
}

interface Known {
  readonly container: Container;
  readonly size: number;
}

export class Containers {
  /** By the first 12 digits, which is all that old captures give. */
  readonly #known = new Map<string, Known>();
  /** By full id: what `of` answered since something changed. */
  readonly #answers = new Map<string, Container>();
  #size = 0;

  clear(): void {
    this.#known.clear();
    this.#answers.clear();
    this.#size = 0;
  }

  /** The container with this full id, of which perhaps nothing else is known; the host for ''. */
  of(id: string): Container {
    if (id === '') return HOST;
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const answer = this.#find(id);
    if (this.#answers.size < MAX_CONTAINERS) this.#answers.set(id, answer);
    return answer;
  }

  #find(id: string): Container {
    const known = this.#known.get(id.slice(0, SHORT_ID_LENGTH));
    if (known === undefined) return this.#keep(bareContainer(id), 0);
    if (known.container.id.length >= id.length) return known.container;
    return this.#keep({ ...known.container, id }, known.size);
  }

  /** Takes what a container event says; undefined when it is no description of a container. */
  learn(json: string): Container | undefined {
    if (json.length > MAX_JSON) return undefined;
    let parsed: unknown;
    try {
      parsed = JSON.parse(json);
    } catch {
      return undefined;
    }
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const outer = parsed as Plain;
    const inner = outer['container'];
    const container = typeof inner === 'object' && inner !== null ? (inner as Plain) : outer;
    const id = text(container['id']);
    if (id === '') return undefined;
    const before = this.#known.get(id.slice(0, SHORT_ID_LENGTH))?.container;
    const made = fromJson(id, container);
    const fullId = (before?.id.length ?? 0) > made.id.length ? (before?.id ?? made.id) : made.id;
    return this.#keep({ ...made, id: fullId }, json.length);
  }

  #keep(container: Container, size: number): Container {
    const key = container.id.slice(0, SHORT_ID_LENGTH);
    this.#size += size - (this.#known.get(key)?.size ?? 0);
    this.#known.set(key, { container, size });
    this.#answers.clear();
    while (this.#known.size > MAX_CONTAINERS || this.#size > MAX_TOTAL_JSON) {
      const [oldest] = this.#known;
      if (oldest === undefined || oldest[0] === key) break;
      this.#size -= oldest[1].size;
      this.#known.delete(oldest[0]);
    }
    return container;
  }
}
