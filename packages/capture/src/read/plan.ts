// What to do with each event id: nothing, keep an enter event's parameters, change the state, deliver it.
import { CAPTURE_EVENT_TYPES, SYSCALL_NAMES } from '../format/event-types.ts';
import type { StateHandler } from '../state/handler.ts';
import { AFTER, BEFORE, FIGURES } from '../state/handlers.ts';

export const STORE = 1;
export const STATE = 2;
export const DELIVER = 4;

export interface EventPlan {
  /** By event id: 0, STORE, or STATE and DELIVER. */
  readonly actions: Uint8Array;
  readonly before: readonly (StateHandler | undefined)[];
  readonly after: readonly (StateHandler | undefined)[];
  /** By code of a generic system call: 1 when events of it are to be delivered. */
  readonly genericCodes: Uint8Array;
}

const UNUSED_NAME = 'NA';

/** `eventTypes`: what to deliver, undefined for everything. `figures`: follow memory figures too. */
export function planEvents(eventTypes: ReadonlySet<string> | undefined, figures: boolean): EventPlan {
  const wants = (name: string): boolean => eventTypes === undefined || eventTypes.has(name);
  const genericCodes = Uint8Array.from({ length: 65_536 }, (_, code) =>
    wants(SYSCALL_NAMES[code] ?? 'unknown') ? 1 : 0,
  );
  const anyGeneric = SYSCALL_NAMES.some(wants);
  const before = CAPTURE_EVENT_TYPES.map(({ name, isEnter }) =>
    isEnter ? undefined : (BEFORE.get(name) ?? (figures ? FIGURES.get(name) : undefined)),
  );
  const after = CAPTURE_EVENT_TYPES.map(({ name, isEnter }) => (isEnter ? undefined : AFTER.get(name)));
  const actions = new Uint8Array(CAPTURE_EVENT_TYPES.length);
  for (const { id, name, isEnter, isGeneric } of CAPTURE_EVENT_TYPES) {
    if (isEnter || name === UNUSED_NAME) continue;
    const delivers = isGeneric ? anyGeneric : wants(name);
    const changes = before[id] !== undefined || after[id] !== undefined;
    actions[id] = (delivers ? DELIVER : 0) | (changes ? STATE : 0);
  }
  for (const { id, isEnter, params } of CAPTURE_EVENT_TYPES) {
    // The success of an execveat is reported by the exit event of execve.
    if (isEnter && params.length > 0 && actions[id + 1] !== 0) actions[id] = STORE;
  }
  return { actions, before, after, genericCodes };
}
