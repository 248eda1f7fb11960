// The hot loop: walks over the blocks in a window of bytes, keeps the state and delivers events. Synchronous, and
// without a single allocation for events that nobody asked for.
import type { RuntimeEvent } from '@guardcell/core';
import {
  BLOCK_HEADER,
  BLOCK_OVERHEAD,
  BLOCK_TRAILER,
  EVENT_BLOCK,
  EVENT_HEADER_V1,
  EVENT_HEADER_V2,
  METADATA_BLOCKS,
  SECTION_HEADER,
  SECTION_MAGIC,
  SECTION_MAGIC_SWAPPED,
  SECTION_MAJOR,
} from '../format/blocks.ts';
import { CAPTURE_EVENT_TYPES, EVENT_COUNT } from '../format/event-types.ts';
import type { StateHandler } from '../state/handler.ts';
import type { CapturedThread } from '../state/thread.ts';
import { resetWorld, type World } from '../state/world.ts';
import { Cursor } from './cursor.ts';
import { LAYOUT } from './event-layout.ts';
import { captureError } from './fault.ts';
import { findServers } from './fd-list.ts';
import { readMetadata } from './metadata.ts';
import { DELIVER, type EventPlan, STORE } from './plan.ts';
import { ReplayedEvent } from './replayed-event.ts';
import { TextPool } from './text-pool.ts';

/** A longer block would have to be held in memory whole. Large hosts' process lists have some megabytes. */
const MAX_BLOCK = 48 * 1024 * 1024;
const TWO_32 = 2 ** 32;
/** An enter event that is longer is not kept beyond its window. */
const MAX_SAVED_ENTER = 8192;
const MAX_SAVED_BYTES = 16 * 1024 * 1024;
/** Lengths of these are off by up to three bytes in old files. */
const LOOSE_TYPES: ReadonlySet<number> = new Set([280, 286]);

const HAS_FLAGS = 4;
const KIND_BASE = 0x200;
/** By block type less 0x200: layout + 1, with HAS_FLAGS; 0 for other blocks. */
const EVENT_KINDS = new Uint8Array(64);
EVENT_KINDS[EVENT_BLOCK.v1 - KIND_BASE] = LAYOUT.v1 + 1;
EVENT_KINDS[EVENT_BLOCK.v1Flags - KIND_BASE] = (LAYOUT.v1 + 1) | HAS_FLAGS;
EVENT_KINDS[EVENT_BLOCK.v2 - KIND_BASE] = LAYOUT.v2 + 1;
EVENT_KINDS[EVENT_BLOCK.v2Flags - KIND_BASE] = (LAYOUT.v2 + 1) | HAS_FLAGS;
EVENT_KINDS[EVENT_BLOCK.v2Large - KIND_BASE] = LAYOUT.v2Large + 1;
EVENT_KINDS[EVENT_BLOCK.v2LargeFlags - KIND_BASE] = (LAYOUT.v2Large + 1) | HAS_FLAGS;

export interface ParserOptions {
  readonly world: World;
  readonly plan: EventPlan;
  readonly sinceNs: bigint | undefined;
  readonly untilNs: bigint | undefined;
  onEvent(event: RuntimeEvent): void;
}

export class Parser {
  readonly #world: World;
  readonly #actions: Uint8Array;
  readonly #before: readonly (StateHandler | undefined)[];
  readonly #after: readonly (StateHandler | undefined)[];
  readonly #deliver: (event: RuntimeEvent) => void;
  readonly #event: ReplayedEvent;
  readonly #sinceNs: number;
  readonly #untilNs: number;
  readonly #generic: Uint8Array;
  /** Threads whose enter event lies in the window. */
  #pending: CapturedThread[] = [];
  #savedBytes = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset of the window's first byte in the unpacked file. */
  #base = 0;
  #sections = 0;
  /** Bytes of a block to pass over that lie beyond the window. */
  #skip = 0;
  /** The section's first event was seen. */
  #sectionBegun = false;

  events = 0;
  delivered = 0;
  /** Events of types that the table does not have. */
  unknownTypes = 0;
  /** Enter events whose parameters were lost because too many were open. */
  lostEnters = 0;
  /** An event later than `untilNs` was seen: nothing more is wanted. */
  isDone = false;
  #firstTimeNs: bigint | undefined = undefined;
  #timeLow = 0;
  #timeHigh = 0;

  constructor(options: ParserOptions) {
    this.#world = options.world;
    this.#actions = options.plan.actions;
    this.#before = options.plan.before;
    this.#after = options.plan.after;
    this.#generic = options.plan.genericCodes;
    this.#deliver = (event) => options.onEvent(event);
    this.#event = new ReplayedEvent(options.world, new TextPool());
    this.#sinceNs = options.sinceNs === undefined ? 0 : Number(options.sinceNs);
    this.#untilNs = options.untilNs === undefined ? Infinity : Number(options.untilNs);
  }

  /** Offset in the unpacked file of byte `at` of the window. */
  offsetOf(at: number): number {
    return this.#base + at;
  }

  /** Tells the parser which bytes positions refer to from now on; `base` is the offset of the first one. */
  useWindow(bytes: Buffer, base: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#event.useWindow(bytes, this.#view);
    }
    this.#base = base;
  }

  /** Must be called before the bytes of the window move or are overwritten. */
  saveEnters(): void {
    for (const thread of this.#pending) {
      thread.enterListed = false;
      if (thread.enterType < 0 || thread.enterAt < 0) continue;
      const length = this.#view.getUint32(thread.enterAt + 16, true);
      if (length > MAX_SAVED_ENTER || this.#savedBytes + length > MAX_SAVED_BYTES) {
        thread.enterType = -1;
        this.lostEnters += 1;
      } else {
        thread.enterCopy = Buffer.from(this.#bytes.subarray(thread.enterAt, thread.enterAt + length));
        this.#savedBytes += length;
      }
      thread.enterAt = -1;
    }
    this.#pending = [];
  }

  #dropEnter(thread: CapturedThread): void {
    thread.enterType = -1;
    if (thread.enterCopy === undefined) return;
    this.#savedBytes -= thread.enterCopy.length;
    thread.enterCopy = undefined;
  }

  /**
   * Reads blocks between `from` and `to` and returns where the first one begins that is not whole yet.
   * Throws a CaptureError at a fault; everything before it was delivered.
   */
  parse(from: number, to: number): number {
    let at = from;
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, to - at);
      this.#skip -= passed;
      at += passed;
    }
    const view = this.#view;
    while (to - at >= BLOCK_HEADER && !this.isDone) {
      const type = view.getUint32(at, true);
      const length = view.getUint32(at + 4, true);
      const index = type - KIND_BASE;
      const kind =
        index >= 0 && index < EVENT_KINDS.length
          ? (EVENT_KINDS[index] ?? 0)
          : type === EVENT_BLOCK.v1Legacy
            ? LAYOUT.v1 + 1
            : 0;
      if (kind === 0 || this.#sections === 0) {
        const next = this.#block(type, length, at, to);
        if (next < 0) break;
        at = next;
        continue;
      }
      if (length > MAX_BLOCK) this.#corrupt(at, `an event block of ${length} bytes`);
      if (length > to - at) break;
      const head = at + BLOCK_HEADER + 2 + (kind & HAS_FLAGS);
      const layout = (kind & 3) - 1;
      const space = at + length - BLOCK_TRAILER - head;
      if (space < (layout === LAYOUT.v1 ? EVENT_HEADER_V1 : EVENT_HEADER_V2))
        this.#corrupt(at, `an event block of ${length} bytes is too short for an event`);
      if (view.getUint32(at + length - BLOCK_TRAILER, true) !== length)
        this.#corrupt(at, 'the lengths before and after the block differ');
      if (!this.#sectionBegun) this.#beginSection();
      this.events += 1;
      const eventType = view.getUint16(head + 20, true);
      const action = eventType < EVENT_COUNT ? (this.#actions[eventType] ?? 0) : 0;
      const eventLength = view.getUint32(head + 16, true);
      if (eventLength > space && !LOOSE_TYPES.has(eventType))
        this.#corrupt(at, `an event of ${eventLength} bytes does not fit into its block`);
      if (action !== 0) {
        this.#handle(eventType, action, head, eventLength, layout, view.getUint16(at + BLOCK_HEADER, true));
      } else if (eventType >= EVENT_COUNT) this.unknownTypes += 1;
      this.#timeLow = view.getUint32(head, true);
      this.#timeHigh = view.getUint32(head + 4, true);
      at += length;
    }
    return at;
  }

  /** The lists come before the first event. */
  #beginSection(): void {
    this.#sectionBegun = true;
    findServers(this.#world);
  }

  #handle(
    eventType: number,
    action: number,
    head: number,
    length: number,
    layout: number,
    cpu: number,
  ): void {
    const view = this.#view;
    const tid = view.getUint32(head + 8, true) + view.getInt32(head + 12, true) * TWO_32;
    const thread = this.#world.threads.ensure(tid);
    if ((action & STORE) !== 0) {
      if (thread.enterCopy !== undefined) this.#dropEnter(thread);
      thread.enterType = eventType;
      thread.enterAt = head;
      thread.enterLayout = layout;
      if (!thread.enterListed) {
        thread.enterListed = true;
        this.#pending.push(thread);
      }
      if (action === STORE) return;
    }
    const type = CAPTURE_EVENT_TYPES[eventType];
    if (type === undefined) return;
    const event = this.#event;
    if (!event.begin(type, thread, head, length, layout, cpu)) {
      if (LOOSE_TYPES.has(eventType)) return;
      this.#corrupt(head, `the parameter lengths of event ${this.events} (${type.name}) contradict its own`);
    }
    const before = this.#before[eventType];
    if (before !== undefined) before(event);
    if ((action & DELIVER) !== 0 && this.#isWanted(event)) {
      event.num = this.events;
      this.#firstTimeNs ??= event.timeNs;
      event.firstTimeNs = this.#firstTimeNs;
      event.setPrevious(this.#timeLow, this.#timeHigh);
      this.delivered += 1;
      this.#deliver(event);
    }
    const after = this.#after[eventType];
    if (after !== undefined) after(event);
    event.finish();
    // The call has returned: its enter event is used up.
    if (thread.enterType >= 0 && (action & STORE) === 0) this.#dropEnter(thread);
  }

  #wantsCode(code: number): boolean {
    return this.#generic[Math.min(code, this.#generic.length - 1)] === 1;
  }

  #isWanted(event: ReplayedEvent): boolean {
    if (event.eventType.isGeneric && !this.#wantsCode(event.syscallCode())) return false;
    if (this.#sinceNs === 0 && this.#untilNs === Infinity) return true;
    const time = event.timeAsNumber();
    if (time > this.#untilNs) this.isDone = true;
    return time >= this.#sinceNs && time <= this.#untilNs;
  }

  /** A block that is no event. Returns where the next one begins, −1 when this one is not whole yet. */
  #block(type: number, length: number, at: number, to: number): number {
    if (type === SECTION_HEADER) return this.#sectionHeader(length, at, to);
    if (this.#sections === 0)
      throw captureError(
        'GC_CAPTURE_FORMAT',
        'the file does not begin like a capture',
        this.offsetOf(at),
        'Captures are written by sysdig, Falco or `guardcell capture record`.',
      );
    if (length < BLOCK_OVERHEAD) this.#corrupt(at, `a block of ${length} bytes`);
    const block = METADATA_BLOCKS.get(type);
    if (block === undefined) {
      const passed = Math.min(length, to - at);
      this.#skip = length - passed;
      return at + passed;
    }
    if (length > MAX_BLOCK) this.#corrupt(at, `a block of ${length} bytes is too long to be read`);
    if (length > to - at) return -1;
    if (this.#view.getUint32(at + length - BLOCK_TRAILER, true) !== length)
      this.#corrupt(at, 'the lengths before and after the block differ');
    readMetadata(
      block,
      new Cursor(this.#bytes, at + BLOCK_HEADER, at + length - BLOCK_TRAILER, this.#base),
      this.#world,
    );
    return at + length;
  }

  #sectionHeader(length: number, at: number, to: number): number {
    const minimum = BLOCK_OVERHEAD + 16;
    if (to - at < minimum) return -1;
    const magic = this.#view.getUint32(at + BLOCK_HEADER, true);
    if (magic === SECTION_MAGIC_SWAPPED)
      throw captureError(
        'GC_CAPTURE_FORMAT',
        'the capture was written on a machine of the other byte order',
        this.offsetOf(at),
      );
    if (magic !== SECTION_MAGIC)
      throw captureError('GC_CAPTURE_FORMAT', 'the section header has no magic number', this.offsetOf(at));
    const major = this.#view.getUint16(at + BLOCK_HEADER + 4, true);
    if (major > SECTION_MAJOR)
      throw captureError(
        'GC_CAPTURE_FORMAT',
        `the capture has format version ${major}; this reader knows ${SECTION_MAJOR}`,
        this.offsetOf(at),
      );
    if (length < minimum) this.#corrupt(at, `a section header of ${length} bytes`);
    if (length > MAX_BLOCK) this.#corrupt(at, `a section header of ${length} bytes`);
    if (length > to - at) return -1;
    if (this.#sections > 0) {
      this.#pending = [];
      this.#savedBytes = 0;
      resetWorld(this.#world);
    }
    this.#sections += 1;
    this.#sectionBegun = false;
    return at + length;
  }

  /** Called at the end of the input; `left` bytes were not consumed. */
  finish(at: number, left: number): void {
    if (this.isDone) return;
    if (left > 0 || this.#skip > 0)
      throw captureError(
        'GC_CAPTURE_TRUNCATED',
        'the file ends inside a block',
        this.offsetOf(at),
        'Everything before was evaluated.',
      );
    if (this.#sections === 0) throw captureError('GC_CAPTURE_FORMAT', 'the file is empty', this.offsetOf(at));
  }

  #corrupt(at: number, message: string): never {
    throw captureError('GC_CAPTURE_CORRUPT', message, this.offsetOf(at), 'Everything before was evaluated.');
  }
}
