// A sample of the most recent events, to try rules on. Bounded in number and in work: of each kind of event only so
// many a second are copied, so that what happens often does not push out what is rare, and a busy host pays little.
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
  /** Copies of one type a second, on the host and in containers apart; default 10. */
  readonly perSecond?: number;
}

interface Allowance {
  second: number;
  used: number;
}

const SIZE = 2000;
const PER_SECOND = 10;

export function recentEvents(options: RecentEventsOptions): RecentEvents {
  const { containerById, nowMs, size = SIZE, perSecond = PER_SECOND } = options;
  const ring: (RuntimeEvent | undefined)[] = [];
  let next = 0;
  // Types are those of the event table, so these maps are small.
  const onHost = new Map<string, Allowance>();
  const inContainers = new Map<string, Allowance>();

  function isAllowed(event: RuntimeEvent): boolean {
    const allowances = event.thread.container.id === 'host' ? onHost : inContainers;
    let allowance = allowances.get(event.type);
    if (allowance === undefined) {
      allowance = { second: 0, used: 0 };
      allowances.set(event.type, allowance);
    }
    const second = Math.floor(nowMs() / 1000);
    if (allowance.second !== second) {
      allowance.second = second;
      allowance.used = 0;
    }
    if (allowance.used >= perSecond) return false;
    allowance.used += 1;
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
