// The inventory of containers on this host: every runtime merged, answers at once, metadata as fast as it can be had.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Container,
  type ContainerRuntime,
  HOST,
  isHost,
  type RuntimeReport,
  SHORT_ID_LENGTH,
} from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import { type ContainerRecord, createRecords } from './container-records.ts';
import { mergeSightings } from './merge-sightings.ts';
import { RUNTIMES } from './registry.ts';
import { openLink, type RuntimeLink } from './runtime-link.ts';
import type { RuntimeChange, RuntimeControl, RuntimePlugin } from './runtime-plugin.ts';

/** A runtime may report a container a little after its cgroup appears. */
const RETRY_MS: readonly number[] = [50, 150, 500, 1500, 5000];
const SWEEP_MS = 30_000;
const MIN_PREFIX = 4;

export interface InventoryOptions {
  readonly logger: Logger;
  /** Sockets to use instead of the usual ones, by runtime; an empty list switches a runtime off. */
  readonly sockets?: Readonly<Partial<Record<ContainerRuntime, readonly string[]>>>;
  /** Called whenever something about a container changed, also for its removal. Must not throw. */
  readonly onChange?: (container: Container) => void;
  /** Runtimes to know; the built-in table unless a test brings its own. */
  readonly runtimes?: readonly RuntimePlugin[];
  readonly nowMs?: () => number;
}

export interface Inventory {
  /** Settles when every runtime has been tried once and what answered has been listed. Never rejects. */
  readonly ready: Promise<void>;
  /** What is known now; a bare container for an unknown id, whose metadata is then fetched. */
  get(id: string): Container;
  /** A container with this id has just come into being (its cgroup was made): fetch its metadata. */
  noteSeen(id: string): void;
  /** The container as soon as its metadata is there; what is known by then after `timeoutMs`. */
  whenComplete(id: string, timeoutMs: number): Promise<Container>;
  /** Containers that exist now, in every state but `removed`. */
  list(): readonly Container[];
  /** By full id, by a unique beginning of an id (4 or more digits), or by name; living ones first. */
  resolve(text: string): Container | undefined;
  /** What the runtimes that know this container can do to it, the most trusted first. */
  controlsOf(id: string): readonly RuntimeControl[];
  /** Asks the runtimes again now; undefined when they answer and none knows it, or it was never heard of. */
  refresh(id: string): Promise<Container | undefined>;
  reports(): readonly RuntimeReport[];
  close(): void;
}

type Answer = 'known' | 'not known' | 'no answer';

/** Docker's usual environment variable wins over the usual socket. */
function socketsOf(plugin: RuntimePlugin, options: InventoryOptions): readonly string[] {
  const given = options.sockets?.[plugin.runtime];
  if (given !== undefined) return given;
  const dockerHost = process.env['DOCKER_HOST'] ?? '';
  if (plugin.runtime === 'docker' && dockerHost.startsWith('unix://')) {
    return [dockerHost.slice('unix://'.length)];
  }
  return plugin.defaultSockets;
}

/** Watches the container runtimes of this host from now on. Works without any: they are picked up when they appear. */
export function openInventory(options: InventoryOptions): Inventory {
  const { logger } = options;
  const nowMs = options.nowMs ?? ((): number => Date.now());
  const stop = new AbortController();
  const records = createRecords(nowMs);
  const lookups = new Map<string, { again: boolean; readonly done: Promise<void> }>();
  const waiting = new Map<string, Set<() => void>>();
  const plugins = options.runtimes ?? RUNTIMES;
  const links: RuntimeLink[] = [];

  function isConnected(runtime: ContainerRuntime): boolean {
    return links.some((link) => link.runtime === runtime && link.connection() !== undefined);
  }

  function publish(record: ContainerRecord, container: Container): void {
    const changed = JSON.stringify(container) !== JSON.stringify(record.container);
    record.container = container;
    if (!changed) return;
    if (container.complete) for (const wake of waiting.get(container.id) ?? []) wake();
    options.onChange?.(container);
  }

  function merged(record: ContainerRecord): Container | undefined {
    // `links` stands in the order of trust.
    return mergeSightings(
      links.map((link) => record.sightings.get(link)).filter((container) => container !== undefined),
    );
  }

  function sight(link: RuntimeLink, container: Container): void {
    const record = records.ensure(container.id);
    if (record.removedAtMs !== undefined) {
      // An answer that was on its way when the container was removed: its metadata is still worth keeping.
      if (!record.container.complete) publish(record, { ...container, state: 'removed', pid: 0 });
      return;
    }
    record.sightings.set(link, container);
    publish(record, merged(record) ?? container);
  }

  function remove(id: string, known: Container | undefined): void {
    const record = records.ensure(id);
    if (record.removedAtMs !== undefined) return;
    const last = record.container.complete ? record.container : (known ?? record.container);
    records.remove(record);
    publish(record, { ...last, state: 'removed', pid: 0 });
  }

  async function askOne(link: RuntimeLink, id: string): Promise<Answer> {
    const connection = link.connection();
    if (connection === undefined) return 'no answer';
    try {
      const container = await connection.inspect(id);
      if (container === undefined) return 'not known';
      sight(link, container);
      return 'known';
    } catch (error) {
      const { code, message } = errorFacts(error);
      const level = code === 'GC_INTERNAL' ? 'warn' : 'debug';
      logger[level]('asking about a container failed', { id, runtime: link.runtime, code, message });
      return 'no answer';
    }
  }

  async function ask(id: string, among: readonly RuntimeLink[]): Promise<Answer> {
    const answers = await Promise.all(among.map((link) => askOne(link, id)));
    return (
      answers.find((answer) => answer === 'known') ??
      answers.find((answer) => answer === 'not known') ??
      'no answer'
    );
  }

  /** Asks about an id, once at a time; a request that comes meanwhile leads to one more round. */
  function lookUp(id: string, among: readonly RuntimeLink[]): Promise<void> {
    const running = lookups.get(id);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    async function rounds(): Promise<void> {
      do {
        entry.again = false;
        await ask(id, among);
      } while (entry.again && !stop.signal.aborted);
      lookups.delete(id);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const entry = { again: false, done: promise };
    lookups.set(id, entry);
    void rounds().then(resolve);
    return promise;
  }

  async function lookUpUnknown(id: string): Promise<void> {
    for (const waitMs of RETRY_MS) {
      await lookUp(id, links);
      const record = records.get(id);
      if (record === undefined || record.container.complete || record.removedAtMs !== undefined) return;
      await sleep(waitMs, undefined, { signal: stop.signal, ref: false });
    }
  }

  function change(link: RuntimeLink, { id, removed, known }: RuntimeChange): void {
    if (removed) {
      remove(id, known);
      return;
    }
    records.ensure(id);
    // Docker's containers are docker's alone; containerd and CRI may share theirs.
    const among = link.runtime === 'docker' ? [link] : links.filter((other) => other.runtime !== 'docker');
    void lookUp(id, among).then(() => {
      const record = records.get(id);
      if (record === undefined || record.container.complete || known === undefined) return;
      // Gone before it could be asked for: what the notice told is all there will ever be.
      publish(record, { ...known, state: record.removedAtMs === undefined ? known.state : 'removed' });
    });
  }

  function listed(link: RuntimeLink, containers: readonly Container[]): void {
    const present = new Set(containers.map(({ id }) => id));
    for (const record of records.values()) {
      const { id } = record.container;
      if (!record.sightings.has(link) || present.has(id)) continue;
      // It may be newer than the list, so only an answer about itself says that it is gone.
      void askOne(link, id).then((answer) => (answer === 'not known' ? remove(id, undefined) : undefined));
    }
    for (const container of containers) sight(link, container);
  }

  for (const plugin of plugins) {
    for (const socket of socketsOf(plugin, options)) {
      const shared = { plugin, socket, logger, signal: stop.signal, isConnected };
      links.push(openLink({ ...shared, onChange: change, onListed: listed }));
    }
  }
  const sweeping = setInterval(() => records.sweep(), SWEEP_MS);
  sweeping.unref();

  function noteSeen(id: string): void {
    if (isHost({ id }) || id === '') return;
    const known = records.get(id);
    if (known !== undefined) return;
    records.ensure(id);
    void lookUpUnknown(id).catch(() => undefined);
  }

  function get(id: string): Container {
    if (isHost({ id })) return HOST;
    noteSeen(id);
    return records.get(id)?.container ?? HOST;
  }

  async function whenComplete(id: string, timeoutMs: number): Promise<Container> {
    const now = get(id);
    if (now.complete || timeoutMs <= 0) return now;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wakers = waiting.get(id) ?? new Set();
    waiting.set(id, wakers.add(resolve));
    const timer = setTimeout(resolve, timeoutMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      wakers.delete(resolve);
      if (wakers.size === 0) waiting.delete(id);
    }
    return get(id);
  }

  function resolveText(text: string): Container | undefined {
    if (text === HOST.id) return HOST;
    const all = [...records.values()].map((record) => record.container);
    const byLife = [...all.filter((c) => c.state !== 'removed'), ...all.filter((c) => c.state === 'removed')];
    const exact = records.get(text)?.container ?? byLife.find((container) => container.name === text);
    if (exact !== undefined || text.length < MIN_PREFIX) return exact;
    const starting = byLife.filter((container) => container.id.startsWith(text));
    const living = starting.filter((container) => container.state !== 'removed');
    const candidates = living.length > 0 ? living : starting;
    return candidates.length === 1 || text.length >= SHORT_ID_LENGTH ? candidates[0] : undefined;
  }

  function reports(): readonly RuntimeReport[] {
    return plugins.flatMap((plugin) => {
      const own = links.filter((link) => link.runtime === plugin.runtime);
      const present = own.filter((link) => link.socketExists() || link.connection() !== undefined);
      if (present.length > 0) return present.map((link) => link.report());
      const looked = own.map((link) => link.socket).join(', ');
      const detail = looked === '' ? 'switched off' : `not found; looked for ${looked}`;
      return [{ runtime: plugin.runtime, socket: '', connected: false, detail, version: '' }];
    });
  }

  return {
    ready: Promise.all(links.map((link) => link.tried)).then(() => undefined),
    get,
    noteSeen,
    whenComplete,
    resolve: resolveText,
    reports,
    list: () =>
      [...records.values()]
        .filter((record) => record.removedAtMs === undefined)
        .map((record) => record.container),
    controlsOf: (id) => {
      const sightings = records.get(id)?.sightings;
      if (sightings === undefined) return [];
      return links
        .filter((link) => sightings.has(link))
        .map((link) => link.connection()?.control)
        .filter((control) => control !== undefined);
    },
    refresh: async (id) => {
      if (isHost({ id })) return HOST;
      const answer = await ask(id, links);
      const record = records.get(id);
      // A runtime that is away now may still have it; only those that know a container can say that it is gone.
      const unheard = links.some((link) => link.connection() === undefined && record?.sightings.has(link));
      return answer === 'not known' && !unheard ? undefined : record?.container;
    },
    close: () => {
      stop.abort();
      clearInterval(sweeping);
      for (const wakers of waiting.values()) for (const wake of wakers) wake();
    },
  };
}
