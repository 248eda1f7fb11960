// A sample of the most recent events, to try rules on. Bounded in number and in work: of each kind of event in each
// container only so many a second are copied, so that what happens often does not push out what is rare, and a busy host
// pays little.
import type { Container, RuntimeEvent } from '@guardcell/core';
import { copyEvent } from './event-copy.ts';

export interface RecentEvents {
  /** Keeps a copy, or not. */
  offer(event: RuntimeEvent): void;
  /** Oldest first; valid until the next `offer`. */
  all(): readonly RuntimeEvent[];
}

export interface RecentEventsOptions {
  readonly containerById: (id: string) => Container;
  readonly nowMs: () => number;
  /** Default 2000. */
  readonly size?: number;
  /** Copies of one type a second in one container, or on the host; default 10. */
  readonly perSecond?: number;
  /** Copies a second in all; default 300. */
  readonly inAll?: number;
}

const SIZE = 2000;
const PER_SECOND = 10;
const IN_ALL = 300;

export function recentEvents(options: RecentEventsOptions): RecentEvents {
  const { containerById, nowMs, size = SIZE, perSecond = PER_SECOND, inAll = IN_ALL } = options;
  const ring: (RuntimeEvent | undefined)[] = [];
  let next = 0;
  let second = 0;
  let copied = 0;
  /** Copies of this second, by container and type; never more entries than `inAll`. */
  const used = new Map<string, Map<string, number>>();

  function isAllowed(event: RuntimeEvent): boolean {
    const now = Math.floor(nowMs() / 1000);
    if (now !== second) {
      second = now;
      copied = 0;
      used.clear();
    }
    if (copied >= inAll) return false;
    const { id } = event.thread.container;
    const types = used.get(id) ?? new Map<string, number>();
    const count = types.get(event.type) ?? 0;
    if (count >= perSecond) return false;
    used.set(id, types.set(event.type, count + 1));
    copied += 1;
    return true;
  }

  return {
    offer(event) {
      if (!isAllowed(event)) return;
      ring[next] = copyEvent(event, containerById);
      next = (next + 1) % size;
    },
    all: () => [...ring.slice(next), ...ring.slice(0, next)].filter((event) => event !== undefined),
  };
}
