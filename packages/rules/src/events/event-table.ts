// Lookup in the event table: which events exist, their parameters, and the names of flag values.
import { EVENT_ROWS, FLAG_SETS, GENERIC_SYSCALLS } from './event-table.generated.ts';

/** Numbers are the event table's parameter type ids. */
export const PARAM_TYPE = {
  charbuf: 9,
  bytebuf: 10,
  errno: 11,
  fd: 14,
  pid: 15,
  fspath: 17,
  sigtype: 19,
  bool: 25,
  flags8: 28,
  flags16: 29,
  flags32: 30,
  uid: 31,
  gid: 32,
  double: 33,
  mode: 42,
  fsrelpath: 43,
  enum8: 44,
  enum16: 45,
  enum32: 46,
  fd32: 47,
  pid32: 48,
} as const;

/** Ids of the print formats. */
export const PARAM_FORMAT = { decimal: 1, hexadecimal: 2, octal: 6 } as const;

export interface ParamSchema {
  readonly name: string;
  readonly type: number;
  readonly format: number;
  /** Flag or enum names with their values, in table order; empty for other types. */
  readonly flags: readonly (readonly [string, number])[];
}

export interface EventSchema {
  readonly id: number;
  readonly name: string;
  readonly flags: number;
  readonly category: number;
  readonly params: readonly ParamSchema[];
}

const SCHEMAS: ReadonlyMap<string, EventSchema> = new Map(
  EVENT_ROWS.map(([id, name, flags, category, params]) => [
    name,
    {
      id,
      name,
      flags,
      category,
      params: params.map(([paramName, type, format, set]) => ({
        name: paramName,
        type,
        format,
        flags: set === undefined ? [] : (FLAG_SETS[set] ?? []),
      })),
    },
  ]),
);

/** Every name that `evt.type` can have. */
export const EVENT_TYPES: ReadonlySet<string> = new Set([...SCHEMAS.keys(), ...GENERIC_SYSCALLS.split(' ')]);

const PARAMS_BY_NAME: ReadonlyMap<string, ParamSchema> = new Map(
  [...SCHEMAS.values()].flatMap((schema) => schema.params.map((param) => [param.name, param] as const)),
);

/** The schema of an event type; undefined for generic system calls and unknown names. */
export function eventSchema(type: string): EventSchema | undefined {
  return SCHEMAS.get(type);
}

/** Some parameter of this name, whatever the event; undefined when no event has one. */
export function anyParamSchema(name: string): ParamSchema | undefined {
  return PARAMS_BY_NAME.get(name);
}

export function paramSchema(type: string, name: string): ParamSchema | undefined {
  return SCHEMAS.get(type)?.params.find((param) => param.name === name);
}

/** Flag values in `value` by name, joined with `|`; empty when none is known. */
export function flagNames(flags: ParamSchema['flags'], value: number): string {
  const names: string[] = [];
  let rest = value;
  for (const [name, bits] of flags) {
    if (bits === value) {
      names.push(name);
      break;
    }
    if (bits !== 0 && rest !== 0 && (rest & bits) === bits) {
      names.push(name);
      rest &= ~bits;
    }
  }
  return names.join('|');
}

/** The value of one flag name; undefined when this parameter has no such flag. */
export function flagValue(flags: ParamSchema['flags'], name: string): number | undefined {
  return flags.find(([known]) => known === name)?.[1];
}
