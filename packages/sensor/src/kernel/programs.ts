// Loads the BPF object, sets its tables and attaches what the wanted event types need.
import { fileURLToPath } from 'node:url';
import { CodedError } from '@guardcell/kit';
import type { BpfBackend, BpfObject } from './bpf-backend.ts';
import { CALLS, type Call, type PathBase } from './calls.ts';
import { loadRefused, type SensorErrorCode } from './host-kernel.ts';
import {
  CONFIG_CGROUP_V1,
  CONFIG_ENV_MAX,
  CONFIG_EXCLUDED,
  CONFIG_OPEN_ALL,
  CONFIG_SIZE,
  COUNTERS_DROPPED,
  COUNTERS_EMITTED,
  COUNTERS_SIZE,
  SPEC_ADDRESS,
  SPEC_BASE_A,
  SPEC_BASE_B,
  SPEC_DATA,
  SPEC_ENABLED,
  SPEC_FD,
  SPEC_FLAGS,
  SPEC_PATH_A,
  SPEC_PATH_B,
  SPEC_SIZE,
  SPEC_TEXT,
} from './layout.generated.ts';
import { compileOpenFilter } from './open-filter.ts';
import { makePinFolder, removePins } from './pins.ts';

export const OBJECT_PATH: string = fileURLToPath(new URL('../../bpf/dist/sensor.bpf.o', import.meta.url));

const NO_ARG = 255;
const AT_CWD = 254;
const ZERO = new Uint8Array(4);

export interface ProgramSettings {
  readonly ringSizeBytes: number;
  readonly cgroupHierarchy: number;
  readonly openAll: boolean;
  readonly envBytes: number;
  readonly sensitivePaths: Iterable<string>;
  readonly excludePids: Iterable<number>;
  readonly eventTypes: ReadonlySet<string> | undefined;
}

export interface Programs {
  readonly object: BpfObject;
  /** What could not be attached on this kernel. */
  readonly missing: readonly string[];
  /** Event types that are attached now. */
  attached(): readonly string[];
  enable(eventTypes: ReadonlySet<string> | undefined): void;
  close(): void;
  counters(): { readonly dropped: number; readonly emitted: number };
}

function key32(value: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, value, true);
  return key;
}

function base(value: PathBase): number {
  if (value === 'cwd') return AT_CWD;
  return value === 'none' ? NO_ARG : value;
}

/** How the kernel side captures a call, as struct gc_spec. */
export function specBytes(call: Call, isEnabled: boolean): Uint8Array {
  const spec = new Uint8Array(SPEC_SIZE);
  spec[SPEC_ENABLED] = isEnabled ? 1 : 0;
  spec[SPEC_FLAGS] = call.flags ?? 0;
  spec[SPEC_FD] = call.fd ?? NO_ARG;
  spec[SPEC_ADDRESS] = call.address ?? NO_ARG;
  spec[SPEC_PATH_A] = call.a?.[0] ?? NO_ARG;
  spec[SPEC_BASE_A] = base(call.a?.[1] ?? 'none');
  spec[SPEC_PATH_B] = call.b?.[0] ?? NO_ARG;
  spec[SPEC_BASE_B] = base(call.b?.[1] ?? 'none');
  spec[SPEC_TEXT] = call.text ?? NO_ARG;
  spec[SPEC_DATA] = call.data ?? NO_ARG;
  return spec;
}

const SCHEDULER = ['gc_exec', 'gc_fork', 'gc_exit'] as const;
const CONTROL_GROUPS = ['gc_cgroup_mkdir', 'gc_cgroup_rmdir'] as const;

/**
 * Loads and attaches. A tracepoint that this kernel lacks is left out and listed in `missing`.
 * @throws CodedError GC_SENSOR_BPF_REFUSED, GC_SENSOR_BAD_OBJECT
 */
export function loadPrograms(backend: BpfBackend, settings: ProgramSettings): Programs {
  const object = backend.openObject(OBJECT_PATH);
  const folder = makePinFolder(backend, ++sequence);
  try {
    object.resizeMap('events', settings.ringSizeBytes);
    const loaded = object.load();
    if (loaded !== 0) throw loadRefused(-loaded);
    fillTables(object, settings);
    object.pinTo(folder);
    const programs = attach(backend, object, settings);
    return { ...programs, close: () => release(object, folder) };
  } catch (error) {
    release(object, folder);
    throw error;
  }
}

/** Sensors opened by this process so far. */
let sequence = 0;

function release(object: BpfObject, folder: string): void {
  object.close();
  if (folder !== '') removePins(folder);
}

function fillTables(object: BpfObject, settings: ProgramSettings): void {
  const excluded = [...settings.excludePids];
  for (const pid of excluded) object.update('excluded_pids', key32(pid), Uint8Array.of(1));
  const filter = compileOpenFilter(settings.sensitivePaths);
  for (const key of filter.prefixes) object.update('open_prefixes', key, Uint8Array.of(1));
  for (const { key, value } of filter.names) object.update('open_names', key, Uint8Array.of(value));
  const config = new DataView(new ArrayBuffer(CONFIG_SIZE));
  config.setUint32(CONFIG_CGROUP_V1, settings.cgroupHierarchy, true);
  config.setUint32(CONFIG_OPEN_ALL, settings.openAll ? 1 : 0, true);
  config.setUint32(CONFIG_ENV_MAX, settings.envBytes, true);
  config.setUint32(CONFIG_EXCLUDED, excluded.length, true);
  object.update('config', ZERO, new Uint8Array(config.buffer));
}

function attach(backend: BpfBackend, object: BpfObject, settings: ProgramSettings): Omit<Programs, 'close'> {
  const missing: string[] = [];
  const attached = new Set<Call>();
  for (const program of SCHEDULER) {
    const result = object.attach(program);
    if (result !== 0) {
      throw new CodedError<SensorErrorCode>('GC_SENSOR_BPF_REFUSED', `${program} cannot be attached`, {
        hint: `errno ${-result}; the kernel must allow BPF on raw tracepoints.`,
      });
    }
  }
  for (const program of CONTROL_GROUPS) if (object.attach(program) !== 0) missing.push(program);

  let enabled: readonly Call[] = [];
  function enable(eventTypes: ReadonlySet<string> | undefined): void {
    enabled = CALLS.filter((call) => call.isState || eventTypes === undefined || eventTypes.has(call.type));
    const wanted = new Set(enabled);
    for (const call of CALLS) {
      // an attached program that is no longer wanted stays, and ends at once
      if (wanted.has(call) || attached.has(call))
        object.update('specs', key32(call.nr), specBytes(call, wanted.has(call)));
      if (!wanted.has(call) || attached.has(call)) continue;
      const name = `sys_exit_${call.tracepoint ?? call.type}`;
      if (object.attachTracepoint(call.program, 'syscalls', name) === 0) attached.add(call);
      else missing.push(name);
    }
  }
  enable(settings.eventTypes);

  const counterBytes = new Uint8Array(COUNTERS_SIZE * backend.possibleCpus);
  const counterView = new DataView(counterBytes.buffer);
  return {
    object,
    missing,
    attached: () => enabled.filter((call) => attached.has(call)).map((call) => call.type),
    enable,
    counters: () => {
      let dropped = 0;
      let emitted = 0;
      if (object.lookup('counters', ZERO, counterBytes) === 0) {
        for (let at = 0; at < counterBytes.length; at += COUNTERS_SIZE) {
          dropped += Number(counterView.getBigUint64(at + COUNTERS_DROPPED, true));
          emitted += Number(counterView.getBigUint64(at + COUNTERS_EMITTED, true));
        }
      }
      return { dropped, emitted };
    },
  };
}
