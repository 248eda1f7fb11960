// The sensor: from the kernel's ring to events on a callback, in one thread and without waiting.
import type { Container, RuntimeEvent, SensorReport, Thread } from '@guardcell/core';
import { CodedError, errorFacts, type Logger } from '@guardcell/kit';
import { batches } from './batches.ts';
import type { BpfBackend } from './bpf-backend.ts';
import { cgroupTable, containerIdOfName } from './cgroups.ts';
import { EVENT_TYPES, SCHEDULER_TYPES } from './event-types.ts';
import {
  attributionHierarchy,
  mountTracefs,
  readCgroups,
  requireKernel,
  type SensorErrorCode,
} from './host-kernel.ts';
import { loadLibbpf } from './libbpf.ts';
import { DEFAULT_SENSITIVE_PATHS } from './open-filter.ts';
import { listPids, readProc } from './proc-files.ts';
import { processTable } from './process-table.ts';
import { type ExtraCapture, loadPrograms } from './programs.ts';
import { forgetCgroup, keepCgroup, readState, takeOverCgroups, writeState } from './reader-state.ts';
import { recordHandler, type Touched } from './record-handler.ts';
import { ringReader } from './ring.ts';
import { untoldFiles } from './untold-files.ts';

export interface SensorGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lost: number;
  readonly reason: string;
}

export interface SensorOptions {
  /** A power of two, at least one page; default 16 MiB. */
  readonly ringSizeBytes?: number;
  /** Event types to deliver; default all. Process state is kept whatever is chosen here. */
  readonly eventTypes?: Iterable<string>;
  /** What the rules in force need, from the first moment; replaces `eventTypes`. */
  readonly interest?: SensorInterest;
  /** `security`: opens for writing and of sensitive paths; `all`: every open. */
  readonly openMode?: 'security' | 'all';
  /** Replaces the default list; see `DEFAULT_SENSITIVE_PATHS` for the syntax. */
  readonly sensitivePaths?: readonly string[];
  /** Processes whose own doing is not reported, besides this one. */
  readonly excludePids?: readonly number[];
  /** How much of the environment is captured at exec, bytes up to 4095; default 0, because it holds secrets. */
  readonly envBytes?: number;
  /**
   * Name of this installation, for example a hash of its data folder. With it, a sensor that is killed leaves its
   * attachments and its ring in the kernel, and the next one of the same name and the same settings continues with
   * nothing lost as long as the ring does not fill. Different names do not disturb each other.
   */
  readonly instance?: string;
  /**
   * The kernel keeps what was delivered until `commit` says that its consequences are safe, and delivers it again
   * after a crash, with the same `event.identity`. Default: until `onBatchEnd` has returned.
   */
  readonly deferCommit?: boolean;
  /** Internal: `raw` attaches as on a kernel that refuses typed raw tracepoints; default `typed`. */
  readonly hooks?: 'typed' | 'raw';
  /** Must not block; an unknown id gives a bare container. */
  containerById(id: string): Container;
  /** Called synchronously; the object is reused for the next event. */
  onEvent(event: RuntimeEvent): void;
  /** Everything up to here was handed to `onEvent`; batches count from 1. May call `commit`. */
  onBatchEnd?(batch: number): void;
  /** A container's control group was made, or seen for the first time. */
  onContainerCgroup?(id: string, cgroupPath: string): void;
  onContainerGone?(id: string): void;
  /** A file is in use in a container ('' for the host); told once, and again after ten minutes. Needs `filesInUse`. */
  onTouched?(containerId: string, how: Touched, path: string): void;
  /**
   * So many files in use of a container ('' for the host) were not told, because there were too many at once or the ring was full;
   * undefined: of whichever.
   */
  onTouchedLost?(containerId: string | undefined, count: number): void;
  /** Events were lost. */
  onGap?(gap: SensorGap): void;
  readonly logger: Logger;
}

/** What the rules in force need; without it everything that the options say. */
export interface SensorInterest {
  /** Event types to deliver; undefined for all. */
  readonly eventTypes: Iterable<string> | undefined;
  /** Opens for reading to report besides the sensitive paths; syntax as there. */
  readonly openPaths?: Iterable<string>;
  /** Reports every open by processes of these names. */
  readonly openPrograms?: Iterable<string>;
  /** Reports every open by a path that, as given, has `../`. */
  readonly openUpward?: boolean;
  /** Reports every open whatever the paths. */
  readonly allOpens?: boolean;
  /** Of these event types the data received is delivered, and streams are reported at all. */
  readonly dataTypes?: Iterable<string>;
  /** Captures the environment of new programs up to the largest size, whatever `envBytes` says. */
  readonly environment?: boolean;
  /** Tells of files in use through `onTouched`. */
  readonly filesInUse?: boolean;
}

export interface RingState {
  /** Whether this sensor continues one that was killed. */
  readonly isResumed: boolean;
  /** Waiting in the ring to be delivered. */
  readonly pendingBytes: number;
  /** Delivered, but not yet committed. */
  readonly uncommittedBytes: number;
  /** How often events were committed without the consumer's word, because they filled half of the ring. */
  readonly forcedCommits: number;
}

export interface Sensor extends Disposable {
  report(): SensorReport;
  /** Reads what is in the ring now; returns the number of records. */
  drain(): number;
  /** Reads the processes that run already, then the ring on a timer until `close`. */
  start(): void;
  close(): void;
  /**
   * Changes what is delivered (all types when undefined) without losing events or state. Only the difference is
   * attached or detached. Returns the names that the sensor does not know; they are ignored.
   */
  setEventTypes(types: Iterable<string> | undefined): readonly string[];
  /** As `setEventTypes`, and says which opens and whose data are wanted. */
  setInterest(interest: SensorInterest): readonly string[];
  /** Leaves out what this process does, from now on; for short-lived helpers. `false` takes it back. */
  exclude(pid: number, isExcluded: boolean): void;
  /** With `deferCommit`: what was delivered up to the end of this batch is safe; without a number, of the last one. */
  commit(batch?: number): void;
  ring(): RingState;
  /** The process and its ancestors, nearest first; empty when unknown. */
  processTree(pid: number): readonly Thread[];
}

/** The mapped ring counts as resident memory, so it is no larger than half a second of a very busy machine needs. */
const DEFAULT_RING_BYTES = 16 * 1024 * 1024;
/** What one field of a record holds. */
const ENV_BYTES_MAX = 4095;
const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 5;
/** Records read in one go before other work of this thread gets its turn. */
const BATCH = 20_000;
/** The same where batches are committed later: several must fit into the part of the ring that may wait for it. */
const DEFERRED_BATCH = 4000;
/** Above this share of a full batch, the next read follows at once rather than after a pause. */
const BUSY_SHARE = 1 / 4;
/** With this share of the ring uncommitted, reading waits for a commit, so long at most. */
const UNCOMMITTED_SHARE = 1 / 4;
const COMMIT_PATIENCE_MS = 250;
const HOUSEKEEPING_MS = 1000;
/** Failures of the consumer that are logged between two housekeepings. */
const LOGGED_FAILURES = 3;
/** Most /proc look-ups of unknown processes between two housekeepings. */
const LOOK_UPS = 200;

/**
 * Loads the programs and attaches them; events wait in the ring until `start` or `drain`.
 * @throws CodedError<SensorErrorCode> saying what this machine lacks and how to get it.
 */
export function openSensor(options: SensorOptions): Sensor {
  requireKernel();
  const backend = loadLibbpf();
  const tracefsProblem = mountTracefs(backend);
  if (tracefsProblem !== '') {
    throw new CodedError<SensorErrorCode>('GC_SENSOR_NO_TRACEFS', tracefsProblem, {
      hint: 'mount -t tracefs tracefs /sys/kernel/tracing',
    });
  }
  return sensorOn(backend, options);
}

function sensorOn(backend: BpfBackend, options: SensorOptions): Sensor {
  const { logger } = options;
  const ringSizeBytes = options.ringSizeBytes ?? DEFAULT_RING_BYTES;
  const hierarchy = attributionHierarchy(readCgroups());
  const envBytes = Math.min(options.envBytes ?? 0, ENV_BYTES_MAX);
  const excluded = new Set([process.pid, ...(options.excludePids ?? [])]);
  const bootSeconds = Number(backend.clocks().bootNs / 1_000_000_000n);
  const first: SensorInterest = options.interest ?? { eventTypes: options.eventTypes };
  const firstTypes = first.eventTypes === undefined ? undefined : known(first.eventTypes).types;
  const programs = loadPrograms(backend, {
    ringSizeBytes,
    cgroupHierarchy: hierarchy,
    openAll: options.openMode === 'all',
    envBytes,
    sensitivePaths: options.sensitivePaths ?? DEFAULT_SENSITIVE_PATHS,
    excludePids: excluded,
    eventTypes: firstTypes,
    dataTypes: new Set(first.dataTypes),
    capture: options.interest === undefined ? undefined : captureOf(options.interest),
    instance: options.instance ?? '',
    hooks: options.hooks ?? 'typed',
  });
  if (programs.missing.length > 0) {
    logger.info('some tracepoints are not available on this kernel', { missing: programs.missing });
  }
  const isManual = options.deferCommit === true || options.onBatchEnd !== undefined;
  const ring = ringReader(programs.object.mapRing('events', ringSizeBytes), ringSizeBytes, isManual);
  const delivered = batches(ring, ringSizeBytes);

  let clockOffsetNs = 0n;
  function readClocks(): void {
    const clocks = backend.clocks();
    clockOffsetNs = clocks.realNs - clocks.bootNs;
  }
  readClocks();

  let lookUps = LOOK_UPS;
  const cgroups = cgroupTable((id) => options.containerById(id).complete);
  const table = processTable({
    cgroups,
    containerById: (id) => options.containerById(id),
    wallClockNs: (bootNs) => BigInt(Math.round(bootNs)) + clockOffsetNs,
    lookUp: (pid) => (lookUps-- > 0 ? readProc(pid, hierarchy) : undefined),
  });
  let failures = 0;
  /** A consumer that throws on one event must not cost the others. */
  function deliver(event: RuntimeEvent): void {
    try {
      options.onEvent(event);
    } catch (error) {
      failures++;
      if (failures <= LOGGED_FAILURES) {
        logger.error('an event could not be evaluated', { type: event.type, ...errorFacts(error) });
      }
    }
  }
  const announced = new Set<string>();
  const untold = untoldFiles(programs.object, cgroups, (id, count) => options.onTouchedLost?.(id, count));
  const handler = recordHandler({
    data: ring.data,
    table,
    cgroups,
    excluded,
    wallClockNs: (bootNs) => bootNs + clockOffsetNs,
    deliver,
    ...(options.onTouched !== undefined && {
      onTouched: (id: string, how: Touched, path: string) => options.onTouched?.(id, how, path),
      onUntold: untold.note,
    }),
    onCgroupPath: (id, path) => keepCgroup(programs.object, id, path),
    onCgroupForgotten: (id) => forgetCgroup(programs.object, id),
    onCgroup: (group) => {
      if (group.containerId === '' || announced.has(group.containerId)) return;
      announced.add(group.containerId);
      options.onContainerCgroup?.(group.containerId, group.path);
    },
    onCgroupGone: (group) => {
      const own = containerIdOfName(group.path.slice(group.path.lastIndexOf('/') + 1));
      // A group within a container that is called after another one is not that one.
      if (own === '' || own !== group.containerId || !announced.delete(own)) return;
      options.onContainerGone?.(own);
    },
  });
  handler.want(firstTypes);
  handler.tellTouched(first.filesInUse ?? false);
  const predecessor = readState(programs.object);
  // a sign of life from the start: without one, others take what is pinned for abandoned
  writeState(programs.object, { ...predecessor, aliveNs: backend.clocks().bootNs });
  if (programs.isResumed) {
    for (const { id, path } of takeOverCgroups(programs.object))
      cgroups.learn(id, path.split('/').toReversed());
    logger.info('continues a sensor that was killed', { pendingBytes: ring.pending() });
  }

  function captureOf(interest: SensorInterest): ExtraCapture {
    return {
      openPatterns: interest.openPaths ?? [],
      allOpens: interest.allOpens ?? false,
      openPrograms: interest.openPrograms ?? [],
      openUpward: interest.openUpward ?? false,
      envBytes: interest.environment === true ? ENV_BYTES_MAX : envBytes,
      // the next second, because what a sensor before was told of must be told to this one too
      touchedSince: interest.filesInUse === true ? bootSeconds + 1 : 0,
    };
  }

  /** Splits names into those that the sensor can deliver and others. */
  function known(types: Iterable<string>): { types: Set<string>; unknown: string[] } {
    const all = new Set(EVENT_TYPES);
    const names = [...new Set(types)];
    const unknown = names.filter((name) => !all.has(name));
    if (unknown.length > 0) logger.info('some event types are not known to the sensor', { unknown });
    return { types: new Set(names.filter((name) => all.has(name))), unknown };
  }

  const startedAt = new Date();
  const cpuAtStart = process.threadCpuUsage();
  let dropped = predecessor.reportedDrops;
  let checkedAtMs = startedAt.getTime();
  /** Losses are told with the time since they can have happened, also before this sensor. */
  let sinceMs =
    predecessor.aliveNs === 0n ? checkedAtMs : Number((predecessor.aliveNs + clockOffsetNs) / 1_000_000n);
  let eventsAtCheck = 0;
  let eventsPerSecond = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  let housekeepingAtMs = 0;
  let forcedCommits = 0;

  function housekeeping(nowMs: number): void {
    housekeepingAtMs = nowMs + HOUSEKEEPING_MS;
    lookUps = LOOK_UPS;
    if (failures > LOGGED_FAILURES) logger.error('events could not be evaluated', { failures });
    failures = 0;
    readClocks();
    table.sweep(Number(backend.clocks().bootNs));
    handler.sweep(nowMs);
    programs.tidy(nowMs);
    const seconds = Math.max(0.001, (nowMs - checkedAtMs) / 1000);
    eventsPerSecond = 0.5 * eventsPerSecond + (0.5 * (handler.events - eventsAtCheck)) / seconds;
    eventsAtCheck = handler.events;
    const { dropped: total, untoldElsewhere } = programs.counters();
    untold.look(nowMs, untoldElsewhere);
    if (total > dropped) {
      const lost = total - dropped;
      logger.warn('events were lost because the ring was full', { lost });
      options.onGap?.({ fromMs: sinceMs, toMs: nowMs, lost, reason: 'ring full' });
      dropped = total;
    }
    checkedAtMs = nowMs;
    sinceMs = nowMs;
    writeState(programs.object, { reportedDrops: dropped, aliveNs: backend.clocks().bootNs });
    if (delivered.forcedCommits > forcedCommits) {
      forcedCommits = delivered.forcedCommits;
      logger.warn('events were committed unasked because they filled half of the ring', { forcedCommits });
    }
  }

  const batchSize = options.deferCommit === true ? DEFERRED_BATCH : BATCH;
  let heldSinceMs = 0;
  /** Whether the consumer should have time to commit first; the kernel has three quarters of the ring meanwhile. */
  function waitsForCommit(): boolean {
    if (options.deferCommit !== true || delivered.uncommittedBytes <= ringSizeBytes * UNCOMMITTED_SHARE) {
      heldSinceMs = 0;
      return false;
    }
    const nowMs = performance.now();
    if (heldSinceMs === 0) heldSinceMs = nowMs;
    return nowMs - heldSinceMs < COMMIT_PATIENCE_MS;
  }

  function drain(): number {
    if (isClosed || waitsForCommit()) return 0;
    const count = ring.drain(handler.handle, batchSize);
    if (!isManual || count === 0) return count;
    const batch = delivered.end();
    options.onBatchEnd?.(batch);
    if (options.deferCommit === true) delivered.relieve();
    else delivered.commit();
    return count;
  }

  function deliverable(): readonly string[] {
    const attached = new Set([...programs.attached(), ...SCHEDULER_TYPES]);
    return EVENT_TYPES.filter((type) => attached.has(type) && handler.wants(type));
  }

  function setInterest(interest: SensorInterest): readonly string[] {
    const next = interest.eventTypes === undefined ? undefined : known(interest.eventTypes);
    programs.setCapture(captureOf(interest));
    programs.enable(
      {
        eventTypes: next?.types,
        dataTypes: new Set(interest.dataTypes),
        touched: interest.filesInUse ?? false,
      },
      Date.now(),
    );
    handler.want(next?.types);
    handler.tellTouched(interest.filesInUse ?? false);
    return next?.unknown ?? [];
  }

  let pauseMs = LONGEST_PAUSE_MS;
  function tick(): void {
    if (isClosed) return;
    const count = drain();
    const nowMs = Date.now();
    if (nowMs >= housekeepingAtMs || nowMs < checkedAtMs) housekeeping(nowMs);
    if (count >= batchSize * BUSY_SHARE) {
      timer = setImmediate(tick);
      return;
    }
    pauseMs = count > 0 ? SHORTEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs + 1);
    timer = setTimeout(tick, pauseMs);
  }

  function start(): void {
    if (isClosed || timer !== undefined) return;
    for (const pid of listPids()) {
      const facts = readProc(pid, hierarchy);
      if (facts !== undefined) handler.adopt(facts);
    }
    tick();
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    process.removeListener('exit', close);
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
    programs.close();
  }

  // a thread that ends without closing would leave its programs attached
  process.once('exit', close);

  return {
    report: () => {
      const used = process.threadCpuUsage(cpuAtStart);
      return {
        state: isClosed ? 'off' : 'running',
        detail: '',
        errorCode: '',
        events: handler.events,
        eventsPerSecond: Math.round(eventsPerSecond),
        drops: (isClosed ? dropped : programs.counters().dropped) - predecessor.reportedDrops,
        eventTypes: deliverable(),
        cpuSeconds: (used.user + used.system) / 1e6,
        ringSizeBytes,
        startedAt: startedAt.toISOString(),
      };
    },
    drain,
    start,
    close,
    setEventTypes: (types) => setInterest({ eventTypes: types }),
    setInterest,
    exclude: (pid, isExcluded) => {
      if (isClosed) return;
      if (isExcluded) excluded.add(pid);
      else excluded.delete(pid);
      programs.exclude(pid, isExcluded);
    },
    commit: (batch) => {
      if (!isClosed) delivered.commit(batch);
    },
    ring: () => ({
      isResumed: programs.isResumed,
      pendingBytes: isClosed ? 0 : ring.pending(),
      uncommittedBytes: isClosed ? 0 : delivered.uncommittedBytes,
      forcedCommits: delivered.forcedCommits,
    }),
    processTree: (pid) => {
      const tree: Thread[] = [];
      let next = table.find(pid);
      while (next !== undefined && tree.length < 64) {
        tree.push(next);
        next = next.parent();
      }
      return tree;
    },
    [Symbol.dispose]: close,
  };
}
