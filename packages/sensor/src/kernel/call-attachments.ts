// Which system calls the kernel side is attached to: what becomes wanted at once, what is no longer wanted with delay.
import type { BpfObject } from './bpf-backend.ts';
import { specBytes } from './call-spec.ts';
import { CALLS, type Call } from './calls.ts';
import { SPEC_GENERATION, SPEC_SIZE, SPEC_TOUCHED_ONLY, SPEC_WANT_DATA } from './layout.generated.ts';
import { key32 } from './map-key.ts';
import type { PinFolder } from './pins.ts';

export interface WantedCalls {
  /** All when undefined. */
  readonly eventTypes: ReadonlySet<string> | undefined;
  /** Of these the data received is wanted. */
  readonly dataTypes: ReadonlySet<string>;
  /** Whether calls are attached that only files in use need. */
  readonly touched: boolean;
}

export interface CallAttachmentOptions {
  readonly object: Pick<BpfObject, 'attachTracepoint' | 'detach' | 'lookup' | 'update'>;
  readonly folder: Pick<PinFolder, 'has' | 'pin' | 'remove'>;
  /** Whether the attachments of a killed sensor are continued. */
  readonly isResumed: boolean;
  readonly hasTracepoint: (name: string) => boolean;
  /** Makes one attachment under a pin, unless it is there already. Returns 0 or a negative errno. */
  readonly attachOnce: (pin: string, make: (path: string) => number) => number;
  readonly onMissing: (tracepoint: string) => void;
}

export interface CallAttachments {
  /** Event types that are wanted and attached. */
  attached(): readonly string[];
  /** What is wanted from now on. What cannot be attached yet is tried again by `tidy`. */
  enable(wanted: WantedCalls, nowMs: number): void;
  /** To be called every second or so. */
  tidy(nowMs: number): void;
}

/** Calls through which code of languages is read. */
const TOUCHING: ReadonlySet<string> = new Set(['open', 'openat', 'openat2']);
const MAP_TRACEPOINT = 'sys_exit_mmap';
const MAP_PIN = 'link-touched-mmap';
const GENERATIONS = 0x1_0000;
/** A program can be attached to a tracepoint once, and the kernel takes an attachment down in the background. */
const EEXIST = -17;
/**
 * So long an attachment outlives the wish for it, silent: rules are replaced as a whole, and what one set does not
 * need the next one often does.
 */
export const IDLE_MS = 10_000;

function tracepointOf(call: Call): string {
  return `sys_exit_${call.tracepoint ?? call.type}`;
}

export function callAttachments(options: CallAttachmentOptions): CallAttachments {
  const { object, folder, isResumed } = options;
  const attached = new Set<Call>();
  /** Of each call's last attachment; a call without one was never attached. */
  const generations = new Map<Call, number>();
  /** Attached, no longer wanted, and since when. */
  const idle = new Map<Call, number>();
  /** Wanted, but the attachment before is still being taken down. */
  const waiting = new Set<Call>();
  let wanted: ReadonlySet<Call> = new Set();
  let enabled: readonly Call[] = [];
  let dataTypes: ReadonlySet<string> = new Set();
  /** Attached for files in use alone. */
  let touchedOnly: ReadonlySet<Call> = new Set();
  let isMapAttached = isResumed && folder.has(MAP_PIN);
  let isMapWanted = false;

  if (isResumed) {
    const spec = new Uint8Array(SPEC_SIZE);
    for (const call of CALLS) {
      if (object.lookup('specs', key32(call.nr), spec) !== 0 || spec.every((byte) => byte === 0)) continue;
      generations.set(call, new DataView(spec.buffer).getUint16(SPEC_GENERATION, true));
      if (folder.has(`link-${tracepointOf(call)}`)) attached.add(call);
    }
  }

  function write(call: Call, isEnabled: boolean): void {
    const generation = generations.get(call) ?? 0;
    const flags =
      (dataTypes.has(call.type) ? SPEC_WANT_DATA : 0) | (touchedOnly.has(call) ? SPEC_TOUCHED_ONLY : 0);
    object.update('specs', key32(call.nr), specBytes(call, isEnabled, generation, flags));
  }

  function attach(call: Call): void {
    waiting.delete(call);
    const tracepoint = tracepointOf(call);
    if (!options.hasTracepoint(tracepoint)) {
      options.onMissing(tracepoint);
      return;
    }
    const last = generations.get(call);
    const generation = last === undefined ? 0 : (last + 1) % GENERATIONS;
    generations.set(call, generation);
    write(call, true);
    const result = options.attachOnce(`link-${tracepoint}`, (path) =>
      object.attachTracepoint(call.program, 'syscalls', tracepoint, path, generation),
    );
    if (result === 0) attached.add(call);
    else if (result === EEXIST) waiting.add(call);
    else options.onMissing(tracepoint);
  }

  /** Quick where attachments are pinned: the kernel ends them in the background. Others stay, silent. */
  function detach(call: Call): void {
    const pin = `link-${tracepointOf(call)}`;
    if (!folder.has(pin)) return;
    object.detach(folder.pin(pin));
    folder.remove(pin);
    attached.delete(call);
  }

  /** Its program keeps silent by the configuration. */
  function attachMap(): void {
    if (isMapWanted && !isMapAttached) {
      const result = options.hasTracepoint(MAP_TRACEPOINT)
        ? options.attachOnce(MAP_PIN, (path) =>
            object.attachTracepoint('gc_map', 'syscalls', MAP_TRACEPOINT, path),
          )
        : -1;
      isMapAttached = result === 0;
      if (!isMapAttached && result !== EEXIST) options.onMissing(MAP_TRACEPOINT);
    } else if (!isMapWanted && isMapAttached && folder.has(MAP_PIN)) {
      object.detach(folder.pin(MAP_PIN));
      folder.remove(MAP_PIN);
      isMapAttached = false;
    }
  }

  function enable(want: WantedCalls, nowMs: number): void {
    ({ dataTypes } = want);
    const { eventTypes } = want;
    enabled = CALLS.filter((call) => call.isState || eventTypes === undefined || eventTypes.has(call.type));
    const delivered = new Set(enabled);
    touchedOnly = new Set(
      want.touched ? CALLS.filter((call) => TOUCHING.has(call.type) && !delivered.has(call)) : [],
    );
    wanted = new Set([...enabled, ...touchedOnly]);
    for (const call of CALLS) {
      if (wanted.has(call)) {
        idle.delete(call);
        if (attached.has(call)) write(call, true);
        else attach(call);
        continue;
      }
      waiting.delete(call);
      if (!attached.has(call) || idle.has(call)) continue;
      write(call, false);
      idle.set(call, nowMs);
    }
    isMapWanted = want.touched;
    if (isMapWanted) attachMap();
  }

  return {
    attached: () => enabled.filter((call) => attached.has(call)).map((call) => call.type),
    enable,
    tidy: (nowMs) => {
      const again = new Set(waiting);
      for (const call of again) attach(call);
      for (const [call, sinceMs] of idle) {
        if (nowMs - sinceMs < IDLE_MS) continue;
        idle.delete(call);
        detach(call);
      }
      attachMap();
    },
  };
}
