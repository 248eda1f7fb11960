// Loads the BPF object, sets its tables and attaches what the wanted event types need.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CodedError } from '@guardcell/kit';
import type { BpfBackend, BpfObject } from './bpf-backend.ts';
import { callAttachments, type WantedCalls } from './call-attachments.ts';
import { hasSystemCallEvent, loadRefused, type SensorErrorCode } from './host-kernel.ts';
import {
  CONFIG_CGROUP_V1,
  CONFIG_ENV_MAX,
  CONFIG_EXCLUDED,
  CONFIG_MAYBE_NAME,
  CONFIG_MAYBE_TEXT,
  CONFIG_MAYBE_TOP,
  CONFIG_OPEN_ALL,
  CONFIG_OPEN_PROGRAMS,
  CONFIG_OPEN_UPWARD,
  CONFIG_SIZE,
  CONFIG_TOUCHED_SINCE,
  COUNTERS_DROPPED,
  COUNTERS_EMITTED,
  COUNTERS_SIZE,
  COUNTERS_UNTOLD_ELSEWHERE,
  NAME_KEY_SIZE,
  PATH_KEY_SIZE,
  PROGRAM_KEY_SIZE,
} from './layout.generated.ts';
import { key32 } from './map-key.ts';
import { compileOpenFilter, type OpenFilter } from './open-filter.ts';
import { openPinFolder, type PinFolder } from './pins.ts';

export const OBJECT_PATH: string = fileURLToPath(new URL('../../bpf/dist/sensor.bpf.o', import.meta.url));

const ZERO = new Uint8Array(4);

export interface ProgramSettings {
  readonly ringSizeBytes: number;
  readonly cgroupHierarchy: number;
  readonly openAll: boolean;
  readonly envBytes: number;
  readonly sensitivePaths: Iterable<string>;
  readonly excludePids: Iterable<number>;
  readonly eventTypes: ReadonlySet<string> | undefined;
  readonly dataTypes: ReadonlySet<string>;
  /** What is captured from the start besides the sensitive paths; undefined for nothing. */
  readonly capture: ExtraCapture | undefined;
  /** Name under which attachments and ring outlive a killed sensor; '' when they need not. */
  readonly instance: string;
  /** `raw` leaves out the typed hooks, as on a kernel that refuses them. */
  readonly hooks: 'typed' | 'raw';
}

export interface ExtraCapture {
  /** Opens for reading that are reported besides those of the sensitive paths. */
  readonly openPatterns: Iterable<string>;
  readonly allOpens: boolean;
  /** Every open by processes of these names, at most 15 bytes each. */
  readonly openPrograms: Iterable<string>;
  /** Every open by a path that, as given, has `../`. */
  readonly openUpward: boolean;
  /** The environment of a new program is captured up to this many bytes. */
  readonly envBytes: number;
  /** Files in use are told that were not told since then, seconds since boot; 0 for none. */
  readonly touchedSince: number;
}

export interface Programs {
  readonly object: BpfObject;
  /** Whether the attachments and the ring of a killed sensor are continued. */
  readonly isResumed: boolean;
  /** What could not be attached on this kernel. */
  readonly missing: readonly string[];
  /** Event types that are attached now. */
  attached(): readonly string[];
  enable(wanted: WantedCalls, nowMs: number): void;
  /** Ends attachments that nobody wants any more and makes those that could not be made yet; every second or so. */
  tidy(nowMs: number): void;
  exclude(pid: number, isExcluded: boolean): void;
  /** Changes what is captured besides what was asked for at the start. */
  setCapture(extra: ExtraCapture): void;
  close(): void;
  counters(): { readonly dropped: number; readonly emitted: number; readonly untoldElsewhere: number };
}

const SCHEDULER = ['gc_exec', 'gc_fork', 'gc_exit'] as const;
const CONTROL_GROUPS = ['gc_cgroup_mkdir', 'gc_cgroup_rmdir'] as const;
const HOOKS = [...SCHEDULER, ...CONTROL_GROUPS];
/** All that one incarnation hands to the next; scratch memory has no meaning between two events. */
const KEPT_MAPS = [
  'events',
  'counters',
  'config',
  'specs',
  'excluded_pids',
  'open_prefixes',
  'open_names',
  'open_programs',
  'known_cgroups',
  'cgroup_paths',
  'reader',
  'destinations',
  'touched',
  'untold',
] as const;
const EXCLUDED_MAX = 256;
/** Mirrors the sizes of open_prefixes, open_names and open_programs in bpf/maps.h. */
const OPEN_TABLE_MAX = 1024;

/**
 * Continues what a killed sensor of the same instance left, else loads and attaches. A tracepoint that this kernel lacks
 * is left out and listed in `missing`.
 * @throws CodedError GC_SENSOR_BPF_REFUSED, GC_SENSOR_BAD_OBJECT
 */
export function loadPrograms(backend: BpfBackend, settings: ProgramSettings): Programs {
  const filter = compileOpenFilter(settings.sensitivePaths);
  const folder = openPinFolder(backend, settings.instance, ++sequence);
  const seal = sealOf(settings);
  if (folder.isSealed(seal)) {
    const resumed = resume(backend, folder, settings, filter);
    if (resumed !== undefined) return resumed;
  }
  try {
    folder.clear();
    if (settings.hooks === 'raw') return loadFresh(backend, folder, settings, filter, seal);
    try {
      return loadFresh(backend, folder, settings, filter, seal);
    } catch {
      // a kernel without typed raw tracepoints; if that is not the reason, this fails the same way
      folder.clear();
      return loadFresh(backend, folder, { ...settings, hooks: 'raw' }, filter, seal);
    }
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** Sensors opened by this process so far. */
let sequence = 0;

/** What two incarnations must agree on to share programs, ring and tables. */
function sealOf(settings: ProgramSettings): string {
  const { ringSizeBytes, cgroupHierarchy, openAll, envBytes, hooks } = settings;
  const hash = createHash('sha256').update(readFileSync(OBJECT_PATH));
  const shared = [ringSizeBytes, cgroupHierarchy, openAll, envBytes, hooks, ...settings.sensitivePaths];
  return hash.update(JSON.stringify(shared)).digest('hex').slice(0, 32);
}

/** The object before load, with one of the two forms of its hooks. */
export function openObject(
  backend: BpfBackend,
  settings: Pick<ProgramSettings, 'ringSizeBytes' | 'hooks'>,
): BpfObject {
  const object = backend.openObject(OBJECT_PATH);
  object.resizeMap('events', settings.ringSizeBytes);
  for (const hook of HOOKS) {
    object.setAutoload(hook, settings.hooks === 'typed');
    object.setAutoload(`${hook}_raw`, settings.hooks === 'raw');
  }
  return object;
}

function loadFresh(
  backend: BpfBackend,
  folder: PinFolder,
  settings: ProgramSettings,
  filter: OpenFilter,
  seal: string,
): Programs {
  const object = openObject(backend, settings);
  try {
    const loaded = object.load();
    if (loaded !== 0) throw loadRefused(-loaded);
    fillTables(object, settings, filter);
    const programs = attach(backend, object, folder, settings, false);
    const isKept = settings.instance !== '' && programs.isPinned();
    const arePinned =
      isKept && KEPT_MAPS.every((name) => object.pinMap(name, folder.pin(`map-${name}`)) === 0);
    if (arePinned) folder.seal(seal);
    return programs;
  } catch (error) {
    object.close();
    throw error;
  }
}

/** Takes over maps and attachments; undefined when something of them is missing. */
function resume(
  backend: BpfBackend,
  folder: PinFolder,
  settings: ProgramSettings,
  filter: OpenFilter,
): Programs | undefined {
  let object: BpfObject | undefined;
  try {
    object = openObject(backend, settings);
    for (const name of KEPT_MAPS) {
      if (object.reuseMap(name, folder.pin(`map-${name}`)) !== 0) throw new Error(name);
    }
    for (const pid of object.keys('excluded_pids', 4, EXCLUDED_MAX)) object.remove('excluded_pids', pid);
    fillTables(object, settings, filter);
    return attach(backend, object, folder, settings, true);
  } catch {
    object?.close();
    return undefined;
  }
}

function fillTables(object: BpfObject, settings: ProgramSettings, filter: OpenFilter): void {
  const excluded = [...settings.excludePids].slice(0, EXCLUDED_MAX);
  for (const pid of excluded) object.update('excluded_pids', key32(pid), Uint8Array.of(1));
  if (settings.capture !== undefined) {
    fillCapture(object, settings, settings.capture);
    return;
  }
  fillOpenTables(object, filter);
  object.update('config', ZERO, configBytes(settings, filter, excluded.length));
}

/** The kernel may be deciding meanwhile: what stays is never missing, what goes is removed last. */
function fillOpenTables(object: BpfObject, filter: OpenFilter, programs: readonly Uint8Array[] = []): void {
  const wanted = new Set<string>();
  for (const key of filter.prefixes) {
    wanted.add(Buffer.from(key).toString('latin1'));
    object.update('open_prefixes', key, Uint8Array.of(1));
  }
  for (const { key, value } of filter.names) {
    wanted.add(Buffer.from(key).toString('latin1'));
    object.update('open_names', key, Uint8Array.of(value));
  }
  for (const key of programs) {
    wanted.add(Buffer.from(key).toString('latin1'));
    object.update('open_programs', key, Uint8Array.of(1));
  }
  for (const [map, size] of [
    ['open_programs', PROGRAM_KEY_SIZE],
    ['open_prefixes', PATH_KEY_SIZE],
    ['open_names', NAME_KEY_SIZE],
  ] as const) {
    for (const key of object.keys(map, size, OPEN_TABLE_MAX)) {
      if (!wanted.has(Buffer.from(key).toString('latin1'))) object.remove(map, key);
    }
  }
}

/** What is captured besides the sensitive paths; a sensor that is continued goes on recording meanwhile. */
function fillCapture(object: BpfObject, settings: ProgramSettings, extra: ExtraCapture): void {
  const filter = compileOpenFilter([...settings.sensitivePaths, ...extra.openPatterns]);
  const programs = [...new Set(extra.openPrograms)].map(programKey);
  const isTooMuch = Math.max(filter.prefixes.length, filter.names.length, programs.length) > OPEN_TABLE_MAX;
  // what cannot be said in the tables is no reason to miss something
  const openAll = settings.openAll || extra.allOpens || isTooMuch || filter.refused.length > 0;
  const excluded = Math.min([...settings.excludePids].length, EXCLUDED_MAX);
  const config = configBytes({ ...settings, openAll, envBytes: extra.envBytes }, filter, excluded);
  const view = new DataView(config.buffer);
  view.setUint32(CONFIG_OPEN_UPWARD, extra.openUpward ? 1 : 0, true);
  view.setUint32(CONFIG_OPEN_PROGRAMS, programs.length, true);
  view.setUint32(CONFIG_TOUCHED_SINCE, extra.touchedSince, true);
  // what the new settings let through must be in the tables before, what the old ones did until after
  if (openAll) object.update('config', ZERO, config);
  fillOpenTables(object, filter, programs);
  if (!openAll) object.update('config', ZERO, config);
}

/** A process name as the kernel keeps it. */
function programKey(name: string): Uint8Array {
  const key = new Uint8Array(PROGRAM_KEY_SIZE);
  key.set(Buffer.from(name, 'utf8').subarray(0, PROGRAM_KEY_SIZE - 1));
  return key;
}

function configBytes(settings: ProgramSettings, filter: OpenFilter, excluded: number): Uint8Array {
  const config = new Uint8Array(CONFIG_SIZE);
  const view = new DataView(config.buffer);
  view.setUint32(CONFIG_CGROUP_V1, settings.cgroupHierarchy, true);
  view.setUint32(CONFIG_OPEN_ALL, settings.openAll ? 1 : 0, true);
  view.setUint32(CONFIG_ENV_MAX, settings.envBytes, true);
  view.setUint32(CONFIG_EXCLUDED, excluded, true);
  config.set(filter.maybeText, CONFIG_MAYBE_TEXT);
  config.set(filter.maybeTop, CONFIG_MAYBE_TOP);
  config.set(filter.maybeName, CONFIG_MAYBE_NAME);
  return config;
}

function attach(
  backend: BpfBackend,
  object: BpfObject,
  folder: PinFolder,
  settings: ProgramSettings,
  isResumed: boolean,
): Programs & { isPinned(): boolean } {
  const missing: string[] = [];
  let isLoaded = !isResumed;
  let isPinned = folder.path !== '';

  /** A resumed sensor needs the programs only to attach more. */
  function ensureLoaded(): void {
    if (isLoaded) return;
    const loaded = object.load();
    if (loaded !== 0) throw loadRefused(-loaded);
    isLoaded = true;
  }

  function attachOnce(pin: string, make: (path: string) => number): number {
    if (isResumed && folder.has(pin)) return 0;
    ensureLoaded();
    const result = make(folder.pin(pin));
    if (result === 0 && !folder.has(pin)) isPinned = false;
    return result;
  }

  const suffix = settings.hooks === 'raw' ? '_raw' : '';
  for (const program of HOOKS) {
    const result = attachOnce(`link-${program}`, (path) => object.attach(`${program}${suffix}`, path));
    if (result === 0) continue;
    if ((CONTROL_GROUPS as readonly string[]).includes(program)) {
      missing.push(program);
      continue;
    }
    throw new CodedError<SensorErrorCode>('GC_SENSOR_BPF_REFUSED', `${program} cannot be attached`, {
      hint: `errno ${-result}; the kernel must allow BPF on raw tracepoints.`,
    });
  }
  const calls = callAttachments({
    object,
    folder,
    isResumed,
    hasTracepoint: hasSystemCallEvent,
    attachOnce,
    onMissing: (tracepoint) => {
      if (!missing.includes(tracepoint)) missing.push(tracepoint);
    },
  });
  calls.enable(
    {
      eventTypes: settings.eventTypes,
      dataTypes: settings.dataTypes,
      touched: (settings.capture?.touchedSince ?? 0) > 0,
    },
    Date.now(),
  );

  const counterBytes = new Uint8Array(COUNTERS_SIZE * backend.possibleCpus);
  const counterView = new DataView(counterBytes.buffer);
  return {
    object,
    isResumed,
    missing,
    isPinned: () => isPinned,
    attached: calls.attached,
    enable: calls.enable,
    tidy: calls.tidy,
    exclude: (pid, isExcluded) => {
      // `config.excluded` only says whether there are any, and this process always is
      if (isExcluded) object.update('excluded_pids', key32(pid), Uint8Array.of(1));
      else object.remove('excluded_pids', key32(pid));
    },
    setCapture: (extra) => fillCapture(object, settings, extra),
    close: () => {
      object.close();
      folder.close();
    },
    counters: () => {
      let dropped = 0;
      let emitted = 0;
      let untoldElsewhere = 0;
      if (object.lookup('counters', ZERO, counterBytes) === 0) {
        for (let at = 0; at < counterBytes.length; at += COUNTERS_SIZE) {
          dropped += Number(counterView.getBigUint64(at + COUNTERS_DROPPED, true));
          emitted += Number(counterView.getBigUint64(at + COUNTERS_EMITTED, true));
          untoldElsewhere += Number(counterView.getBigUint64(at + COUNTERS_UNTOLD_ELSEWHERE, true));
        }
      }
      return { dropped, emitted, untoldElsewhere };
    },
  };
}
