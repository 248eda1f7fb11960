// What to do with each event id: nothing, keep an enter event's parameters, change the state, deliver it.
import { CAPTURE_EVENT_TYPES, SYSCALL_NAMES } from '../format/event-types.ts';
import type { StateHandler } from '../state/handler.ts';
import { AFTER, BEFORE, FIGURES } from '../state/handlers.ts';

export const STORE = 1;
const STATE = 2;
export const DELIVER = 4;

export interface EventPlan {
  /** By event id: 0 or a sum of STORE, STATE and DELIVER. */
  readonly actions: Uint8Array;
  readonly before: readonly (StateHandler | undefined)[];
  readonly after: readonly (StateHandler | undefined)[];
  /** By code of a generic system call: 1 when events of it are to be delivered; the last for codes beyond. */
  readonly genericCodes: Uint8Array;
}

const UNUSED_NAME = 'NA';

export interface Demand {
  /** What to deliver, undefined for everything. */
  readonly eventTypes: ReadonlySet<string> | undefined;
  /** Of these, the types whose enter events are wanted too; undefined for all that have any. */
  readonly enterTypes: ReadonlySet<string> | undefined;
  /** Follow memory figures too. */
  readonly figures: boolean;
}

/** Decides for every event id. */
export function planEvents({ eventTypes, enterTypes, figures }: Demand): EventPlan {
  const wants = (name: string): boolean => eventTypes === undefined || eventTypes.has(name);
  // The last one stands for all codes that have no name.
  const genericCodes = Uint8Array.from([...SYSCALL_NAMES, 'unknown'], (name) => (wants(name) ? 1 : 0));
  const anyGeneric = genericCodes.includes(1);
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
  for (const { id, name, isEnter, isLiveEnter, params } of CAPTURE_EVENT_TYPES) {
    if (!isEnter) continue;
    const delivers = isLiveEnter && wants(name) && (enterTypes === undefined || enterTypes.has(name));
    const keeps = params.length > 0 && actions[id + 1] !== 0;
    actions[id] = (delivers ? DELIVER : 0) | (keeps ? STORE : 0);
  }
  return { actions, before, after, genericCodes };
}
