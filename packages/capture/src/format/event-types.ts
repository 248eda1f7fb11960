// What the reader knows of each of the 454 event ids: the current name, and where each current parameter comes from.
import { EVENT_ROWS, SYSCALL_CODES } from './event-table.generated.ts';
import { PARAM } from './param-types.ts';

/** Bits of an event's flags. */
const EVENT_FLAG = {
  createsFd: 0x1,
  destroysFd: 0x2,
  usesFd: 0x4,
  unused: 0x40,
  skipParserReset: 0x100,
  old: 0x200,
  large: 0x800,
} as const;

export interface TableParam {
  readonly name: string;
  readonly type: number;
  /** Index of the parameter that holds the directory descriptor, for paths relative to one; else -1. */
  readonly dirfd: number;
}

/** Where to find a parameter of the current model in an event as it stands in the file. */
export interface ParamPlace {
  readonly name: string;
  /** Index among the event's own parameters, -1 when this version has none. */
  readonly own: number;
  readonly ownType: number;
  /** Index among the parameters of the enter event before it, -1 when it has none. */
  readonly enter: number;
  readonly enterType: number;
  /** The enter event's value comes first: what the program passed, before another thread could change it. */
  readonly preferEnter: boolean;
}

export interface EventType {
  readonly id: number;
  /** `evt.type` in the current model. */
  readonly name: string;
  readonly flags: number;
  /** Enter half of a call. */
  readonly isEnter: boolean;
  /** An enter half that is an event of the current model: what the program asked for, before anybody can change it. */
  readonly isLiveEnter: boolean;
  readonly isGeneric: boolean;
  readonly params: readonly TableParam[];
  /** Parameters of the current model in table order, only those that this version can have. */
  readonly places: readonly ParamPlace[];
  readonly placeOf: ReadonlyMap<string, ParamPlace>;
  /** The first parameter is what the call returned. */
  readonly hasResult: boolean;
  /** The descriptor that the event works on, for events that use one. */
  readonly usedFd: ParamPlace | undefined;
}

function parseParams(text: string): readonly TableParam[] {
  if (text === '') return [];
  return text.split(' ').map((part) => {
    const [name = '', type, dirfd] = part.split(':');
    return { name, type: Number(type), dirfd: dirfd === undefined ? -1 : Number(dirfd) };
  });
}

const PARAMS: readonly (readonly TableParam[])[] = EVENT_ROWS.map(([, , params]) => parseParams(params));
export const EVENT_COUNT: number = EVENT_ROWS.length;

const UNUSED_NAME = 'NA';

function rowName(id: number): string {
  return EVENT_ROWS[id]?.[0] ?? UNUSED_NAME;
}

/** An even id whose odd partner is unused is a whole event by itself. */
function isEnterHalf(id: number): boolean {
  return id % 2 === 0 && rowName(id + 1) !== UNUSED_NAME;
}

/** Versions of accept4 carry the name of accept in the table. */
const RENAMED: ReadonlyMap<number, string> = new Map([
  [56, 'accept4'],
  [57, 'accept4'],
  [248, 'accept4'],
  [249, 'accept4'],
]);

/** Parameters that earlier versions called otherwise: current name by event name and earlier name. */
const FORMER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bpf: { fd: 'res_or_fd' },
  dup: { oldfd: 'fd' },
  dup2: { oldfd: 'fd' },
  dup3: { oldfd: 'fd' },
};

const LIVE_ENTERS: ReadonlySet<string> = new Set(['open', 'openat', 'openat2', 'creat', 'connect']);

const PREFER_ENTER: Readonly<Record<string, readonly string[]>> = {
  open: ['name'],
  openat: ['name'],
  openat2: ['name'],
  creat: ['name'],
};

/** The version of an event that is current: the newest that is not marked old, exits before enters. */
const CURRENT = new Map<string, number>();
for (let id = 0; id < EVENT_COUNT; id += 1) {
  const name = RENAMED.get(id) ?? rowName(id);
  const known = CURRENT.get(name);
  if (name !== UNUSED_NAME && (known === undefined || rank(id) >= rank(known))) CURRENT.set(name, id);
}

function rank(id: number): number {
  const flags = EVENT_ROWS[id]?.[1] ?? 0;
  return (isEnterHalf(id) ? 0 : 2) + ((flags & EVENT_FLAG.old) === 0 ? 1 : 0);
}

function place(id: number, event: string, param: TableParam): ParamPlace | undefined {
  const former = FORMER_NAMES[event]?.[param.name];
  const find = (params: readonly TableParam[]): number => {
    const index = params.findIndex(({ name }) => name === param.name);
    return index >= 0 || former === undefined ? index : params.findIndex(({ name }) => name === former);
  };
  const own = PARAMS[id] ?? [];
  const before = id % 2 === 1 ? (PARAMS[id - 1] ?? []) : [];
  const at = find(own);
  const enter = find(before);
  if (at < 0 && enter < 0) return undefined;
  return {
    name: param.name,
    own: at,
    ownType: own[at]?.type ?? 0,
    enter,
    enterType: before[enter]?.type ?? 0,
    preferEnter: enter >= 0 && (PREFER_ENTER[event]?.includes(param.name) ?? false),
  };
}

function isDescriptor(type: number): boolean {
  return type === PARAM.fd || type === PARAM.fd32;
}

function describe(id: number): EventType {
  const [, flags = 0] = EVENT_ROWS[id] ?? [];
  const name = RENAMED.get(id) ?? rowName(id);
  const params = PARAMS[id] ?? [];
  const current = PARAMS[CURRENT.get(name) ?? id] ?? params;
  const isEnter = isEnterHalf(id);
  const isLiveEnter = isEnter && LIVE_ENTERS.has(name) && (flags & EVENT_FLAG.old) === 0;
  const places =
    isEnter && !isLiveEnter
      ? []
      : current.map((param) => place(id, name, param)).filter((found) => found !== undefined);
  const first = params[0]?.name;
  const makes = (flags & EVENT_FLAG.createsFd) !== 0;
  const hasResult =
    !isEnter && id % 2 === 1 && (first === 'res' || (makes && first === 'fd') || first === 'res_or_fd');
  const uses = (flags & EVENT_FLAG.usesFd) !== 0 && !makes && (!isEnter || isLiveEnter);
  return {
    id,
    name,
    flags,
    isEnter,
    isLiveEnter,
    isGeneric: id <= 1,
    params,
    places,
    placeOf: new Map(places.map((found) => [found.name, found])),
    hasResult,
    usedFd: uses
      ? places.find(
          (found) => found.name !== 'res' && isDescriptor(found.own >= 0 ? found.ownType : found.enterType),
        )
      : undefined,
  };
}

/** All event types by id. */
export const CAPTURE_EVENT_TYPES: readonly EventType[] = EVENT_ROWS.map((_, id) => describe(id));

/** `evt.type` by event id, for tools that look into captures; `NA` for ids that are not used. */
export const CAPTURE_EVENT_NAMES: readonly string[] = CAPTURE_EVENT_TYPES.map(({ name }) => name);

/** Name of a generic system call by the code in the event's first parameter. */
export const SYSCALL_NAMES: readonly string[] = SYSCALL_CODES.split(' ');

/** Id of the event that a current exit event of this name has; undefined for names without one. */
export function currentEventId(name: string): number | undefined {
  return CURRENT.get(name);
}
