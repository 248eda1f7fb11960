// What the engine needs from its surroundings, and what stands in where that is missing.
import type { Container } from '@guardcell/core';
import type { FieldEnvironment } from '../fields/field.ts';

export interface EngineEnvironment {
  userName?(uid: number, container: Container): string | undefined;
  groupName?(gid: number, container: Container): string | undefined;
  userHome?(uid: number, container: Container): string | undefined;
  userShell?(uid: number, container: Container): string | undefined;
  hostNames?(ip: string): readonly string[];
  readonly hostname?: string;
  /** Minutes that local time is ahead of UTC; default 0. */
  readonly utcOffsetMinutes?: number;
  /** `first` stops at the first rule that matches an event; default `all`. */
  readonly matching?: 'first' | 'all';
}

/** Fills in what was not given; user and group 0 are root everywhere. */
export function completeEnvironment(given: EngineEnvironment): FieldEnvironment {
  return {
    userName: (uid, container) => given.userName?.(uid, container) ?? (uid === 0 ? 'root' : undefined),
    groupName: (gid, container) => given.groupName?.(gid, container) ?? (gid === 0 ? 'root' : undefined),
    userHome: (uid, container) => given.userHome?.(uid, container),
    userShell: (uid, container) => given.userShell?.(uid, container),
    hostNames: (ip) => given.hostNames?.(ip) ?? [],
    // A getter, because a capture says the name only while it is read.
    get hostname() {
      return given.hostname ?? '';
    },
    utcOffsetMinutes: given.utcOffsetMinutes ?? 0,
  };
}
