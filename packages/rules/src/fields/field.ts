// What a field is: the shape that every entry of the field registry has.
import type { Container, RuntimeEvent } from '@guardcell/core';

/** How values are compared and printed. `dynamic` takes its type from the argument. */
export type ValueType =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'int'
  | 'uint32'
  | 'uint64'
  | 'double'
  | 'port'
  | 'ip'
  | 'net'
  | 'reltime'
  | 'abstime';

export type Scalar = string | number | bigint | boolean | Uint8Array;
export type FieldValue = Scalar | readonly Scalar[];

/** What fields need beside the event. All lookups are synchronous and must not throw. */
export interface FieldEnvironment {
  userName(uid: number, container: Container): string | undefined;
  groupName(gid: number, container: Container): string | undefined;
  userHome(uid: number, container: Container): string | undefined;
  userShell(uid: number, container: Container): string | undefined;
  /** DNS names known for an address; empty when none. */
  hostNames(ip: string): readonly string[];
  readonly hostname: string;
  /** Offset of local time from UTC at `timeNs`, in minutes; used by `evt.time`. */
  readonly utcOffsetMinutes: number;
}

export type Extractor = (event: RuntimeEvent, env: FieldEnvironment) => FieldValue | undefined;

/**
 * `one`: a single value. `list`: a list field (in, intersects, exists only).
 * `any`: several candidates, a check holds when it holds for one of them.
 * `either`: two ends of a connection; as `any`, but `!=` holds only when both differ.
 */
export type Multiplicity = 'one' | 'list' | 'any' | 'either';

export interface BoundField {
  readonly type: ValueType;
  readonly multiplicity: Multiplicity;
  readonly extract: Extractor;
  /** The value as outputs show it, where that is not the value that checks see. */
  readonly print?: Extractor;
  /** The value in JSON, where that is neither: times of day are numbers there. */
  readonly json?: Extractor;
  /** The items of a value that is a list underneath, as `proc.args`; for transformers that take lists. */
  readonly items?: Extractor;
}

export type BindResult = BoundField | { readonly problem: string };

/** Where events come from. Rules of one source see the events and fields of that source only. */
export type EventSource = 'syscall' | 'k8s_audit';

export const EVENT_SOURCES: readonly EventSource[] = ['syscall', 'k8s_audit'];

export interface FieldDefinition {
  readonly name: string;
  /** Sources whose rules may use the field. */
  readonly sources: readonly EventSource[];
  readonly type: ValueType;
  /** One sentence in English, for the reference and for completion. */
  readonly doc: string;
  readonly argument: 'none' | 'optional' | 'required';
  readonly multiplicity: Multiplicity;
  /** Usable in conditions but not in output. */
  readonly filterOnly: boolean;
  /** Usable in output but not in conditions. */
  readonly outputOnly: boolean;
  /** Not usable within `val()`. */
  readonly noRightSide: boolean;
  readonly noTransformer: boolean;
  readonly deprecated: boolean;
  /** False when Guardcell's live sensor never has a value: rules load, checks are false. */
  readonly live: boolean;
  bind(argument: string | undefined): BindResult;
}

export interface FieldOptions {
  readonly sources?: readonly EventSource[];
  readonly multiplicity?: Multiplicity;
  readonly filterOnly?: boolean;
  readonly outputOnly?: boolean;
  readonly noRightSide?: boolean;
  readonly noTransformer?: boolean;
  readonly deprecated?: boolean;
  readonly live?: boolean;
}

const SYSCALL: readonly EventSource[] = ['syscall'];

const DEFAULTS = {
  sources: SYSCALL,
  multiplicity: 'one',
  filterOnly: false,
  outputOnly: false,
  noRightSide: false,
  noTransformer: false,
  deprecated: false,
  live: true,
} as const;

/** A field without argument. */
export function plainField(
  name: string,
  type: ValueType,
  doc: string,
  extract: Extractor,
  options: FieldOptions = {},
): FieldDefinition {
  const merged = { ...DEFAULTS, ...options };
  const bound: BoundField = { type, multiplicity: merged.multiplicity, extract };
  return {
    name,
    type,
    doc,
    argument: 'none',
    ...merged,
    bind: (argument) =>
      argument === undefined ? bound : { problem: `field '${name}' does not take an argument` },
  };
}

/** A field whose argument (`[…]` or `.…`) decides what is extracted. */
export function argumentField(
  name: string,
  type: ValueType,
  doc: string,
  argument: 'optional' | 'required',
  bind: (argument: string | undefined) => Extractor | BindResult,
  options: FieldOptions = {},
): FieldDefinition {
  const merged = { ...DEFAULTS, ...options };
  return {
    name,
    type,
    doc,
    argument,
    ...merged,
    bind: (given) => {
      if (given === undefined && argument === 'required') {
        return { problem: `field '${name}' requires an argument, as in ${name}[…]` };
      }
      const bound = bind(given);
      return typeof bound === 'function'
        ? { type, multiplicity: merged.multiplicity, extract: bound }
        : bound;
    },
  };
}

/** A field of the language for which the live sensor has no data; conditions on it are false. */
export function absentField(
  name: string,
  type: ValueType,
  doc: string,
  options: FieldOptions & { readonly argument?: 'optional' | 'required' } = {},
): FieldDefinition {
  const { argument, ...rest } = options;
  if (argument === undefined) return plainField(name, type, doc, () => undefined, { ...rest, live: false });
  return argumentField(name, type, doc, argument, () => () => undefined, { ...rest, live: false });
}

/** Empty text means that the value is not known. */
export function known(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
