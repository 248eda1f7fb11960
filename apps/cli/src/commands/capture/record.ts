// `guardcell capture record`: system calls of this machine into a .scap file that other tools read too.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CaptureFiles,
  type CaptureTotals,
  machineFacts,
  openCaptureFiles,
  procSnapshot,
  RULE_EVENT_TYPES,
  STATE_EVENT_TYPES,
} from '@guardcell/capture';
import { type Container, isHost, type RuntimeEvent } from '@guardcell/core';
import { CodedError, type Logger } from '@guardcell/kit';
import { loadRules } from '@guardcell/rules';
import { EVENT_TYPES, type Inventory, openInventory, openSensor, type Sensor } from '@guardcell/sensor';
import { type Command, type CommandContext, EXIT, flag, text, texts } from '../../command.ts';
import { parseCount, parseSize, sizeText } from './size.ts';

interface RecordOptions {
  readonly path: string;
  readonly seconds: number;
  readonly maxBytes: number | undefined;
  readonly rotate: number;
  readonly eventTypes: readonly string[];
  readonly container: string;
  readonly environment: boolean;
  readonly replace: boolean;
}

const TICK_MS = 1000;
/** Reads of the ring at the end; a machine that is busier than we are must not keep us for ever. */
const LAST_BATCHES = 50;
const ENVIRONMENT_BYTES = 4095;
/** Rings of this size hold what a busy machine does while processes are read from /proc. */
const RING_BYTES = 32 * 1024 * 1024;

function eventTypesOf(options: CommandContext['options']): readonly string[] {
  const known = new Set(EVENT_TYPES);
  const wanted = texts(options, 'events').flatMap((list) => list.split(','));
  if (wanted.length > 0) {
    const unknown = wanted.filter((type) => !known.has(type));
    if (unknown.length === 0) return wanted;
    throw new CodedError('GC_USAGE', `the sensor does not know the events ${unknown.join(', ')}`, {
      hint: `It knows: ${EVENT_TYPES.join(' ')}.`,
    });
  }
  const files = texts(options, 'rules').map((name) => ({ name, content: readRules(name) }));
  const ofRules = loadRules(files)
    .rules.filter((rule) => rule.enabled && rule.source === 'syscall')
    .flatMap((rule) => [...rule.eventTypes]);
  const types = [...STATE_EVENT_TYPES, ...(files.length > 0 ? ofRules : RULE_EVENT_TYPES)];
  return [...new Set(types)].filter((type) => known.has(type));
}

function readRules(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodedError('GC_RULES_FILE', 'the rule file cannot be read', { at: path, cause });
  }
}

function parse(context: CommandContext): RecordOptions {
  const [path, ...more] = context.positionals;
  if (path === undefined || more.length > 0) {
    throw new CodedError('GC_USAGE', 'name one file to write', {
      hint: 'guardcell capture record incident.scap.gz',
    });
  }
  const { options } = context;
  const maxSize = text(options, 'max-size');
  const rotate = text(options, 'rotate');
  if (rotate !== undefined && maxSize === undefined) {
    throw new CodedError('GC_USAGE', '--rotate needs --max-size', { hint: '--max-size 100MB --rotate 5' });
  }
  return {
    path,
    seconds: parseCount('seconds', text(options, 'seconds') ?? '1e9'),
    maxBytes: maxSize === undefined ? undefined : parseSize(maxSize),
    rotate: rotate === undefined ? 0 : Math.ceil(parseCount('rotate', rotate)),
    eventTypes: eventTypesOf(options),
    container: text(options, 'container') ?? '',
    environment: flag(options, 'with-environment'),
    replace: flag(options, 'replace'),
  };
}

/** Which events belong to the container that was asked for; it may come into being only later. */
function containerFilter(wanted: string): (container: Container) => boolean {
  if (wanted === '') return () => true;
  const isId = /^[0-9a-f]{4,64}$/.test(wanted);
  return (container) =>
    !isHost(container) && (container.name === wanted || (isId && container.id.startsWith(wanted)));
}

function headOf(options: RecordOptions, inventory: Inventory): ReturnType<typeof captureHead> {
  return captureHead(options, inventory.list());
}

function captureHead(
  options: RecordOptions,
  all: readonly Container[],
): {
  machine: ReturnType<typeof machineFacts>;
  snapshot: ReturnType<typeof procSnapshot>;
  containers: readonly Container[];
} {
  const containers = all.filter(containerFilter(options.container));
  const snapshot = procSnapshot({ environment: options.environment });
  const machine = machineFacts();
  if (options.container === '') return { machine, snapshot, containers };
  const threads = snapshot.threads.filter((thread) =>
    containers.some((container) => thread.cgroup.includes(container.id)),
  );
  const pids = new Set(threads.map((thread) => thread.pid));
  const tables = snapshot.tables.filter((table) => pids.has(table.pid));
  return { machine, snapshot: { threads, tables, leftOut: snapshot.leftOut }, containers };
}

function summary(totals: CaptureTotals, lostInKernel: number): string {
  const parts = [
    `${totals.events} events`,
    `${sizeText(totals.diskBytes)} on disk`,
    `${totals.dropped + lostInKernel} dropped (${lostInKernel} in the kernel, ${totals.dropped} for want of disk speed)`,
  ];
  if (totals.notInFormat > 0) parts.push(`${totals.notInFormat} that the format has no entry for`);
  if (totals.shortened > 0) parts.push(`${totals.shortened} values cut to 64 KiB`);
  if (totals.leftOut > 0) parts.push(`${totals.leftOut} processes or descriptors left out of the head`);
  if (totals.removedFiles > 0) parts.push(`${totals.removedFiles} old files removed`);
  return parts.join(', ');
}

function needRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new CodedError('GC_CAPTURE_NEEDS_ROOT', 'recording system calls needs root', {
    hint: 'sudo guardcell capture record FILE',
  });
}

function openLive(
  options: RecordOptions,
  inventory: Inventory,
  logger: Logger,
  onEvent: (event: RuntimeEvent) => void,
): Sensor {
  return openSensor({
    ringSizeBytes: RING_BYTES,
    eventTypes: options.eventTypes,
    openMode: 'all',
    envBytes: options.environment ? ENVIRONMENT_BYTES : 0,
    containerById: (id) => inventory.get(id),
    onContainerCgroup: (id) => inventory.noteSeen(id),
    onEvent,
    logger,
  });
}

async function recordUntilDone(context: CommandContext, options: RecordOptions): Promise<CaptureTotals> {
  const { logger, signal } = context;
  const isWanted = containerFilter(options.container);
  const inventory = openInventory({ logger, onChange: () => undefined });
  let files: CaptureFiles | undefined;
  let sensor: Sensor | undefined;
  try {
    sensor = openLive(options, inventory, logger, (event) => {
      if (isWanted(event.thread.container)) files?.event(event);
    });
    await inventory.ready;
    const live = sensor;
    files = openCaptureFiles({
      path: options.path,
      ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
      rotate: options.rotate,
      replace: options.replace,
      environment: options.environment,
      head: () => headOf(options, inventory),
      containerById: (id) => inventory.get(id),
      processOf: (pid) => live.processTree(pid)[0],
    });
    sensor.start();
    const target = options.container === '' ? 'this machine' : `container ${options.container}`;
    context.err(`recording ${options.eventTypes.length} event types of ${target}; Ctrl-C ends it\n`);
    await ticks(context, options, files, sensor);
    // what happened before the end belongs to the recording
    for (let batch = 0; batch < LAST_BATCHES && sensor.drain() > 0; batch++);
    const lost = sensor.report().drops;
    sensor.close();
    await files.close();
    context.err(`${summary(files.totals(), lost)}\n`);
    return files.totals();
  } finally {
    sensor?.close();
    inventory.close();
    if (signal.aborted) logger.debug('the recording was ended by a signal');
  }
}

/** Until the time is over, the file is full or the user ends it. */
async function ticks(
  context: CommandContext,
  options: RecordOptions,
  files: CaptureFiles,
  sensor: Sensor,
): Promise<void> {
  const endMs = performance.now() + options.seconds * 1000;
  while (!context.signal.aborted) {
    const restMs = endMs - performance.now();
    if (restMs <= 0) return;
    await sleep(Math.min(TICK_MS, restMs), undefined, { signal: context.signal }).catch(() => undefined);
    const hasRoom = files.tick();
    if (files.failure !== undefined) return;
    if (!hasRoom) {
      context.err(`${options.path} has reached its size\n`);
      return;
    }
    if (context.isTty) context.err(`\r${summary(files.totals(), sensor.report().drops)} `);
  }
}

export const captureRecord: Command = {
  name: 'capture record',
  summary: 'record system calls into a .scap file',
  usage: 'FILE.scap[.gz]',
  options: {
    seconds: { type: 'string', value: 'N', help: 'end after so many seconds' },
    'max-size': { type: 'string', value: 'SIZE', help: 'end, or begin the next file, at this size: 100MB' },
    rotate: { type: 'string', value: 'K', help: 'with --max-size: keep the newest K files' },
    events: { type: 'string', value: 'LIST', multiple: true, help: 'event types, separated by commas' },
    rules: {
      type: 'string',
      short: 'r',
      value: 'FILE',
      multiple: true,
      help: 'record what these rules need',
    },
    container: { type: 'string', value: 'ID|NAME', help: 'only this container' },
    'with-environment': { type: 'boolean', help: 'also environment variables, which often hold secrets' },
    replace: { type: 'boolean', help: 'overwrite a file that exists' },
  },
  runsUntilStopped: true,
  examples: [
    'guardcell capture record incident.scap.gz --seconds 60',
    'guardcell capture record ring.scap.gz --max-size 100MB --rotate 5 --container web',
  ],
  async run(context) {
    const options = parse(context);
    needRoot();
    await recordUntilDone(context, options);
    return EXIT.ok;
  },
};
