// Which entries of the event table an event type is written as: the current exit, and the enter that older readers want.
import { EVENT_ROWS } from '../format/event-table.generated.ts';

export interface EventShape {
  readonly id: number;
  /** Lengths of parameters take four bytes. */
  readonly isLarge: boolean;
  /** Readers take the state of processes from it and expect every number to be there. */
  readonly isState: boolean;
  readonly params: readonly (readonly [name: string, type: number])[];
}

export interface WrittenType {
  readonly exit: EventShape;
  readonly enter: EventShape | undefined;
}

const MODIFIES_STATE = 0x20;
const OLD_VERSION = 0x200;
const LARGE_PAYLOAD = 0x800;
/** Types that other entries of the table stand for. */
const NOT_CALLS: ReadonlySet<string> = new Set(['syscall', 'NA', 'container', 'procexit']);

function shape(id: number): EventShape {
  const [, flags, params] = EVENT_ROWS[id] ?? ['', 0, ''];
  return {
    id,
    isLarge: (flags & LARGE_PAYLOAD) !== 0,
    isState: (flags & MODIFIES_STATE) !== 0,
    params:
      params === ''
        ? []
        : params.split(' ').map((param) => {
            const [name = '', type = '0'] = param.split(':');
            return [name, Number(type)] as const;
          }),
  };
}

function currentTypes(): ReadonlyMap<string, WrittenType> {
  const types = new Map<string, WrittenType>();
  for (const [id, [name, flags]] of EVENT_ROWS.entries()) {
    if (id % 2 === 0 || (flags & OLD_VERSION) !== 0 || NOT_CALLS.has(name)) continue;
    const enter = EVENT_ROWS[id - 1]?.[0] === name ? shape(id - 1) : undefined;
    types.set(name, {
      exit: shape(id),
      enter: enter !== undefined && enter.params.length > 0 ? enter : undefined,
    });
  }
  return types;
}

/** Newest entry of a name that has only enter entries. */
function enterOnly(name: string): EventShape {
  const ids = [...EVENT_ROWS.entries()].filter(([, [known]]) => known === name).map(([id]) => id);
  return shape(ids.at(-1) ?? 0);
}

const TYPES = currentTypes();

/** The end of a process, which has no exit side. */
export const PROCEXIT: EventShape = enterOnly('procexit');
/** Announces a container as JSON. */
export const CONTAINER: EventShape = enterOnly('container');
/** A system call without parameters of its own. */
export const GENERIC_EXIT: EventShape = shape(1);

export const CLONE: WrittenType = TYPES.get('clone') ?? { exit: shape(223), enter: undefined };

/** System calls without an entry of their own: the format's code of the call, and the x86-64 number. */
export const GENERIC_CALLS: ReadonlyMap<string, readonly [code: number, native: number]> = new Map([
  ['truncate', [57, 76]],
  ['ftruncate', [58, 77]],
  ['pivot_root', [137, 155]],
  ['kexec_load', [187, 246]],
  ['kexec_file_load', [345, 320]],
]);

/** How an event type is written; undefined for types that the format does not have. */
export function writtenType(type: string): WrittenType | undefined {
  return TYPES.get(type);
}
