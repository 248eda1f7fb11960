// The one event object of a replay: a view on the event at hand. Parameters are decoded when asked for.
import type { FileDescriptor, ParamValue, RuntimeEvent } from '@guardcell/core';
import {
  CAPTURE_EVENT_TYPES,
  type EventType,
  type ParamPlace,
  SYSCALL_NAMES,
} from '../format/event-types.ts';
import { PARAM } from '../format/param-types.ts';
import { CapturedFd } from '../state/descriptor.ts';
import { type PathParam, pathRule } from '../state/path-rules.ts';
import type { CapturedThread } from '../state/thread.ts';
import type { World } from '../state/world.ts';
import { decodeParam, eachListedFd, readInteger, textEnd } from './decode-param.ts';
import { layOut, MAX_PARAMS } from './event-layout.ts';
import type { TextPool } from './text-pool.ts';

const EMPTY = Buffer.alloc(0);
const AT_FDCWD = -100;
const MAX_TEXT = 4096;
/** Offset of an event's length in its header. */
const EVENT_LENGTH = 16;

export class ReplayedEvent implements RuntimeEvent {
  readonly world: World;
  readonly #pool: TextPool;
  #bytes: Buffer = EMPTY;
  #view: DataView = new DataView(EMPTY.buffer, EMPTY.byteOffset, 0);
  #starts = new Int32Array(MAX_PARAMS + 1);
  #count = 0;

  // The enter event that belongs to this one; read only when a parameter is looked for in it.
  #enterBytes: Buffer = EMPTY;
  #enterView: DataView = this.#view;
  readonly #enterStarts = new Int32Array(MAX_PARAMS + 1);
  #enterCount = -1;

  #at = 0;
  #cpu = 0;
  num = 0;
  eventType: EventType = CAPTURE_EVENT_TYPES[0] as EventType;
  thread: CapturedThread;
  /** Set by state handlers for events that make a descriptor, or left to be looked up. */
  #fd: CapturedFd | undefined = undefined;
  #fdKnown = false;
  firstTimeNs = 0n;
  #previousLow = 0;
  #previousHigh = 0;

  constructor(world: World, pool: TextPool) {
    this.world = world;
    this.#pool = pool;
    this.thread = world.threads.ensure(0);
  }

  /** Sets the bytes that events lie in from now on. */
  useWindow(bytes: Buffer, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** Time of the event before, as two halves. */
  setPrevious(low: number, high: number): void {
    this.#previousLow = low;
    this.#previousHigh = high;
  }

  /** Points the object at an event of the window. False when its lengths contradict each other. */
  begin(
    type: EventType,
    thread: CapturedThread,
    at: number,
    length: number,
    layout: number,
    cpu: number,
  ): boolean {
    this.eventType = type;
    this.thread = thread;
    this.#at = at;
    this.#cpu = cpu;
    this.#fd = undefined;
    this.#fdKnown = false;
    this.#enterCount = -1;
    this.#count = layOut(this.#view, at, length, layout, type.params.length, this.#starts);
    return this.#count >= 0;
  }

  get paramCount(): number {
    return this.#count;
  }

  get type(): string {
    if (!this.eventType.isGeneric) return this.eventType.name;
    return SYSCALL_NAMES[this.#ownInteger(0, PARAM.syscall) ?? 0] ?? 'unknown';
  }

  get timeNs(): bigint {
    return this.#view.getBigUint64(this.#at, true);
  }

  get previousTimeNs(): bigint | undefined {
    if (this.#previousHigh === 0 && this.#previousLow === 0) return undefined;
    return (BigInt(this.#previousHigh) << 32n) | BigInt(this.#previousLow);
  }

  get cpu(): number {
    return this.#cpu;
  }

  get result(): number | undefined {
    if (!this.eventType.hasResult || this.#count === 0) return undefined;
    const type = this.eventType.params[0]?.type ?? 0;
    if (type !== PARAM.dynamic) return this.#ownInteger(0, type);
    const value = this.param('fd');
    return typeof value === 'number' ? value : undefined;
  }

  get isEnter(): boolean {
    // Events that are no calls have the direction of an enter.
    return (this.eventType.id & 1) === 0;
  }

  get fd(): FileDescriptor | undefined {
    const fd = this.usedFd();
    if (fd !== undefined || this.eventType.usedFd === undefined) return fd;
    // Of a descriptor that nothing told of before, the number is known.
    const num = this.#integerAt(this.eventType.usedFd);
    return num === undefined || num < 0 ? undefined : new CapturedFd(num, 'o', '', '');
  }

  /** What the event made or works on, for handlers that know. */
  setFd(fd: CapturedFd | undefined): void {
    this.#fd = fd;
    this.#fdKnown = true;
  }

  /** The descriptor that the event uses, from the process's table. */
  #lookUpFd(): CapturedFd | undefined {
    const { usedFd } = this.eventType;
    if (usedFd === undefined) return undefined;
    const num = this.#integerAt(usedFd);
    return num === undefined ? undefined : this.thread.process.descriptors.get(num);
  }

  /** The descriptor as far as the table knows it. */
  usedFd(): CapturedFd | undefined {
    if (!this.#fdKnown) this.setFd(this.#lookUpFd());
    return this.#fd;
  }

  get path(): string | undefined {
    const rule = pathRule(this.eventType.name);
    return rule === undefined ? undefined : this.#resolve(rule.path);
  }

  get targetPath(): string | undefined {
    const target = pathRule(this.eventType.name)?.target;
    return target === undefined ? undefined : this.#resolve(target);
  }

  #resolve(path: PathParam): string | undefined {
    const given = this.text(path.name);
    if (given === undefined || given === '' || given === '<NA>') return undefined;
    if (path.isRaw) return given;
    const base = this.directory(path.dirfd);
    return base === undefined && !given.startsWith('/') ? undefined : this.world.paths.resolve(base, given);
  }

  /** The directory that a parameter's descriptor stands for; undefined when it is not known. */
  directory(dirfd: string | undefined): string | undefined {
    const num = dirfd === undefined ? AT_FDCWD : this.integer(dirfd);
    if (num === AT_FDCWD) return this.thread.process.cwd;
    return num === undefined ? undefined : this.thread.process.descriptors.get(num)?.name;
  }

  param(name: string): ParamValue | undefined {
    const place = this.eventType.placeOf.get(name);
    if (place === undefined) return undefined;
    if (place.own >= 0 && place.own < this.#count) {
      if (place.preferEnter) return this.text(name);
      const from = this.#starts[place.own] ?? 0;
      const to = this.#starts[place.own + 1] ?? from;
      const value = decodeParam(this.#bytes, this.#view, from, to, place.ownType, name, this.#pool);
      if (value !== undefined || place.enter < 0) return value;
    }
    if (place.enter < 0 || place.enter >= this.#loadEnter()) return undefined;
    const from = this.#enterStarts[place.enter] ?? 0;
    const to = this.#enterStarts[place.enter + 1] ?? from;
    return decodeParam(this.#enterBytes, this.#enterView, from, to, place.enterType, name, this.#pool);
  }

  paramNames(): readonly string[] {
    return this.eventType.places.filter((place) => this.#has(place)).map((place) => place.name);
  }

  #has(place: ParamPlace): boolean {
    if (place.own >= 0 && place.own < this.#count) return true;
    return place.enter >= 0 && place.enter < this.#loadEnter();
  }

  /** An integer parameter of the current model; undefined when the event has none. */
  integer(name: string): number | undefined {
    const place = this.eventType.placeOf.get(name);
    return place === undefined ? undefined : this.#integerAt(place);
  }

  #integerAt(place: ParamPlace): number | undefined {
    const { own, enter } = place;
    if (own >= 0 && own < this.#count) {
      const from = this.#starts[own] ?? 0;
      const length = (this.#starts[own + 1] ?? from) - from;
      if (length > 0) return readInteger(this.#view, from, length, place.ownType);
    }
    if (enter < 0 || enter >= this.#loadEnter()) return undefined;
    const from = this.#enterStarts[enter] ?? 0;
    const length = (this.#enterStarts[enter + 1] ?? from) - from;
    return length === 0 ? undefined : readInteger(this.#enterView, from, length, place.enterType);
  }

  /** A text parameter; undefined when the event has none. */
  text(name: string): string | undefined {
    const place = this.eventType.placeOf.get(name);
    if (place === undefined) return undefined;
    const { own, enter } = place;
    if (place.preferEnter && enter < this.#loadEnter()) {
      const text = this.#enterText(enter);
      if (text !== undefined && text !== '<NA>') return text;
    }
    if (own >= 0 && own < this.#count) {
      const from = this.#starts[own] ?? 0;
      const to = this.#starts[own + 1] ?? from;
      if (to > from) return this.#pool.text(this.#bytes, this.#view, from, shortEnd(this.#bytes, from, to));
    }
    return enter >= 0 && enter < this.#loadEnter() ? this.#enterText(enter) : undefined;
  }

  #enterText(index: number): string | undefined {
    const from = this.#enterStarts[index] ?? 0;
    const to = this.#enterStarts[index + 1] ?? from;
    if (to === from) return undefined;
    return this.#pool.text(this.#enterBytes, this.#enterView, from, shortEnd(this.#enterBytes, from, to));
  }

  /** The bytes of a parameter; undefined when the event has none. Valid while the event is. */
  raw(name: string): Buffer | undefined {
    const place = this.eventType.placeOf.get(name);
    if (place === undefined) return undefined;
    if (place.own >= 0 && place.own < this.#count) {
      const from = this.#starts[place.own] ?? 0;
      const to = this.#starts[place.own + 1] ?? from;
      if (to > from) return this.#bytes.subarray(from, to);
    }
    if (place.enter < 0 || place.enter >= this.#loadEnter()) return undefined;
    const from = this.#enterStarts[place.enter] ?? 0;
    const to = this.#enterStarts[place.enter + 1] ?? from;
    return to > from ? this.#enterBytes.subarray(from, to) : undefined;
  }

  /** 64 bits of a parameter. */
  big(name: string): bigint | undefined {
    const bytes = this.raw(name);
    return bytes?.length === 8 ? bytes.readBigUInt64LE() : undefined;
  }

  #ownInteger(index: number, type: number): number | undefined {
    if (index >= this.#count) return undefined;
    const from = this.#starts[index] ?? 0;
    const length = (this.#starts[index + 1] ?? from) - from;
    return length === 0 ? undefined : readInteger(this.#view, from, length, type);
  }

  /** A parameter by its name in this very version of the event, for events whose versions share no names. */
  ownText(name: string): string | undefined {
    const index = this.eventType.params.findIndex((param) => param.name === name);
    if (index < 0 || index >= this.#count) return undefined;
    const from = this.#starts[index] ?? 0;
    const to = this.#starts[index + 1] ?? from;
    return this.#bytes.toString('utf8', from, shortEnd(this.#bytes, from, to));
  }

  fdList(): readonly FileDescriptor[] {
    const bytes = this.raw('fds');
    if (bytes === undefined) return [];
    const found: FileDescriptor[] = [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    eachListedFd(view, 0, bytes.length, (num) => {
      const fd = this.thread.process.descriptors.get(num);
      found.push(fd ?? new CapturedFd(num, 'o', '', ''));
    });
    return found;
  }

  /** Number of parameters of this call's own enter event, 0 when there is none. */
  #loadEnter(): number {
    return this.thread.enterType + 1 === this.eventType.id ? this.#layOutEnter() : 0;
  }

  #layOutEnter(): number {
    if (this.#enterCount >= 0) return this.#enterCount;
    this.#enterCount = 0;
    const { thread } = this;
    const type = CAPTURE_EVENT_TYPES[thread.enterType];
    if (type === undefined || !belongs(type.id, this.eventType)) return 0;
    const copy = thread.enterCopy;
    const at = copy === undefined ? thread.enterAt : 0;
    if (at < 0) return 0;
    this.#enterBytes = copy ?? this.#bytes;
    this.#enterView =
      copy === undefined ? this.#view : new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
    const length = this.#enterView.getUint32(at + EVENT_LENGTH, true);
    const count = layOut(
      this.#enterView,
      at,
      length,
      thread.enterLayout,
      type.params.length,
      this.#enterStarts,
    );
    this.#enterCount = Math.max(count, 0);
    return this.#enterCount;
  }

  /** Code of a generic event's system call. */
  syscallCode(): number {
    return this.#ownInteger(0, PARAM.syscall) ?? 0;
  }

  /** Nearest number to the event's time, ns since 1970. */
  timeAsNumber(): number {
    return this.#view.getUint32(this.#at, true) + this.#view.getUint32(this.#at + 4, true) * 2 ** 32;
  }

  /** The event is over: what held only during it is taken back. */
  finish(): void {
    if (this.#fdKnown && this.#fd !== undefined && this.#fd.nameChanged) this.#fd.nameChanged = false;
  }

  /** A text of the enter event before this one, by its name there. */
  enterText(name: string): string | undefined {
    const index = this.#enterIndex(name);
    return index < 0 ? undefined : this.#enterText(index);
  }

  /** A descriptor among the parameters of the enter event before this one, by its name there. */
  enterFd(name: string): number | undefined {
    const index = this.#enterIndex(name);
    if (index < 0) return undefined;
    const from = this.#enterStarts[index] ?? 0;
    const length = (this.#enterStarts[index + 1] ?? from) - from;
    return length === 0 ? undefined : readInteger(this.#enterView, from, length, PARAM.fd);
  }

  #enterIndex(name: string): number {
    const count = this.#layOutEnter();
    const params = CAPTURE_EVENT_TYPES[this.thread.enterType]?.params ?? [];
    const index = params.findIndex((param) => param.name === name);
    return index < count ? index : -1;
  }
}

/** An execveat that succeeds ends with the exit event of execve. */
function belongs(enter: number, exit: EventType): boolean {
  return enter + 1 === exit.id || (exit.name === 'execve' && CAPTURE_EVENT_TYPES[enter]?.name === 'execveat');
}

/** State keeps at most as much of a text as the kernel allows for a path. */
function shortEnd(bytes: Buffer, from: number, to: number): number {
  return textEnd(bytes, from, Math.min(to, from + MAX_TEXT));
}
