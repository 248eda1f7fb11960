// Events of containers whose metadata is still on its way wait here, as copies, and are judged when it has come:
// a condition on image or privileges is then right, and no alert says `<NA>`.
import type { Container, RuntimeEvent } from '@guardcell/core';
import { copyEvent } from './event-copy.ts';

/**
 * How long events wait at most after the container's first program was started. Afterwards the container is judged as
 * what is known of it.
 */
export const METADATA_WAIT_MS = 2000;
/**
 * How long before that, while the runtime itself works in the new container: engines answer no question about a
 * container until they have started it.
 */
export const STARTING_WAIT_MS = 5000;
/** Copies held at the same time, of all containers; about 10 KiB each. */
const EVENTS_MAX = 2000;
/** One container that starts thousands of processes leaves room for the others. */
const EVENTS_PER_CONTAINER_MAX = 500;
const CONTAINERS_MAX = 2000;

export interface WaitingEventsOptions {
  containerById(id: string): Container;
  /** Whether the event must be judged again when the container is known. */
  mustWait(event: RuntimeEvent): boolean;
  /** Judges a copy. */
  judge(event: RuntimeEvent): void;
  /** `events` of a container are judged now, `waitedMs` after the first of them. */
  onReleased?(container: Container, events: number, waitedMs: number): void;
  readonly nowMs?: () => number;
  /** What `oldestMark` remembers of an event; never falls. */
  readonly mark?: () => number;
}

export interface WaitingEvents {
  /** True: the event is taken care of. False: there is no (more) waiting, judge it now. */
  take(event: RuntimeEvent): boolean;
  /** Something became known about a container. */
  changed(container: Container): void;
  forget(id: string): void;
  /** Judges everything that waits with what is known. */
  releaseAll(): void;
  /** The mark of the event that has waited longest; undefined when none waits. */
  oldestMark(): number | undefined;
}

interface Room {
  events: RuntimeEvent[];
  /** Of the first of them. */
  mark: number;
  readonly openedAtMs: number;
  timer: NodeJS.Timeout;
  hasProgram: boolean;
  isOver: boolean;
}

export function waitingEvents(options: WaitingEventsOptions): WaitingEvents {
  const nowMs = options.nowMs ?? ((): number => Date.now());
  const mark = options.mark ?? ((): number => 0);
  const rooms = new Map<string, Room>();
  let held = 0;

  function release(id: string, room: Room): void {
    room.isOver = true;
    clearTimeout(room.timer);
    const { events } = room;
    room.events = [];
    held -= events.length;
    for (const event of events) options.judge(event);
    if (events.length === 0) return;
    options.onReleased?.(options.containerById(id), events.length, nowMs() - room.openedAtMs);
  }

  function open(id: string): Room | undefined {
    if (rooms.size >= CONTAINERS_MAX) {
      for (const [other, room] of rooms) if (room.isOver) rooms.delete(other);
      if (rooms.size >= CONTAINERS_MAX) return undefined;
    }
    const timer = setTimeout(() => release(id, room), STARTING_WAIT_MS);
    timer.unref();
    const room: Room = { events: [], mark: 0, openedAtMs: nowMs(), timer, hasProgram: false, isOver: false };
    rooms.set(id, room);
    return room;
  }

  function programStarted(id: string, room: Room): void {
    room.hasProgram = true;
    clearTimeout(room.timer);
    room.timer = setTimeout(() => release(id, room), METADATA_WAIT_MS);
    room.timer.unref();
  }

  return {
    take(event) {
      const { id } = event.thread.container;
      const room = rooms.get(id);
      if (room?.isOver === true) return false;
      if (!options.mustWait(event)) return true;
      const place = room ?? open(id);
      if (place === undefined || held >= EVENTS_MAX || place.events.length >= EVENTS_PER_CONTAINER_MAX) {
        return false;
      }
      if (!place.hasProgram && event.type === 'execve') programStarted(id, place);
      if (place.events.length === 0) place.mark = mark();
      place.events.push(copyEvent(event, options.containerById));
      held++;
      return true;
    },
    changed(container) {
      const room = rooms.get(container.id);
      if (room === undefined || !(container.complete || container.state === 'removed')) return;
      rooms.delete(container.id);
      release(container.id, room);
    },
    forget(id) {
      const room = rooms.get(id);
      if (room === undefined) return;
      // What waits is released by its timer; only the memory that waiting is over goes.
      if (room.isOver) rooms.delete(id);
    },
    releaseAll() {
      for (const [id, room] of rooms) release(id, room);
      rooms.clear();
    },
    oldestMark() {
      if (held === 0) return undefined;
      let oldest: number | undefined;
      for (const room of rooms.values()) {
        if (room.events.length > 0) oldest = Math.min(oldest ?? room.mark, room.mark);
      }
      return oldest;
    },
  };
}
