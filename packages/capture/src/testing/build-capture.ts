// Builds captures byte by byte for tests, in every version of the layout.
import { CAPTURE_EVENT_TYPES } from '../format/event-types.ts';
import { PARAM } from '../format/param-types.ts';

const PAD = 4;

/** A block around a body, padded as producers do. */
export function block(type: number, body: Uint8Array): Buffer {
  const padding = (PAD - (body.length % PAD)) % PAD;
  const total = 12 + body.length + padding;
  const bytes = Buffer.alloc(total);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(total, 4);
  bytes.set(body, 8);
  bytes.writeUInt32LE(total, total - 4);
  return bytes;
}

export function u8(value: number): Buffer {
  return Buffer.from([value & 0xff]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** Signed or unsigned, from a number or a bigint. */
function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return bytes;
}

export function text(value: string): Buffer {
  return Buffer.concat([u16(Buffer.byteLength(value)), Buffer.from(value)]);
}

export function texts(values: readonly string[]): Buffer {
  return text(values.map((value) => `${value}\0`).join(''));
}

export function section(
  options: { readonly major?: number; readonly magic?: number; readonly extra?: Uint8Array } = {},
): Buffer {
  const { major = 1, magic = 0x1a2b3c4d, extra = new Uint8Array(0) } = options;
  return block(0x0a0d0d0a, Buffer.concat([u32(magic), u16(major), u16(2), u64(-1), extra]));
}

export function machine(hostname: string, bootNs = 0n): Buffer {
  const name = Buffer.alloc(128);
  name.write(hostname);
  return block(0x201, Buffer.concat([u32(2), u64(0), u64(32768), name, u64(bootNs), u64(0), u64(0), u64(0)]));
}

export interface ProcessFacts {
  readonly tid: number;
  readonly pid?: number;
  readonly ppid?: number;
  readonly comm?: string;
  readonly exe?: string;
  readonly exePath?: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly uid?: number;
  readonly env?: readonly string[];
  readonly cgroups?: readonly string[];
  readonly tty?: number;
  readonly loginUid?: number;
}

/** Block types of process lists by version. */
const PROCESS_BLOCKS: readonly number[] = [0, 0x202, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214, 0x215];

function processEntry(facts: ProcessFacts, version: number): Buffer {
  const { tid, pid = tid, ppid = 1, comm = 'proc', exe = comm } = facts;
  const parts = [u64(tid), u64(pid), u64(ppid)];
  if (version >= 6) parts.push(u64(pid));
  if (version >= 8) parts.push(u64(pid));
  parts.push(text(comm), text(exe));
  if (version >= 7) parts.push(text(facts.exePath ?? ''));
  parts.push(texts(facts.args ?? []), text(facts.cwd ?? '/'), u64(1024), u32(0), u32(facts.uid ?? 0), u32(0));
  if (version >= 2) parts.push(u32(100), u32(50), u32(0), u64(1), u64(2));
  if (version >= 3) parts.push(texts(facts.env ?? []));
  if (version >= 4) parts.push(u64(tid), u64(pid), texts(facts.cgroups ?? []));
  if (version >= 5) parts.push(text('/'));
  if (version < 9) return Buffer.concat(parts);
  parts.push(u64(0), u32(facts.tty ?? 0), u32(facts.loginUid ?? -1), u8(1));
  parts.push(u64(1), u64(2), u64(3), u8(1), u64(77), u64(11), u64(12), u8(0), u8(0), u64(pid));
  const entry = Buffer.concat(parts);
  return Buffer.concat([u32(entry.length + 4), entry]);
}

export function processes(list: readonly ProcessFacts[], version = 9): Buffer {
  const type = PROCESS_BLOCKS[version] ?? 0x215;
  return block(type, Buffer.concat(list.map((facts) => processEntry(facts, version))));
}

/** One entry's part after its descriptor number and inode. */
export interface ListedFd {
  readonly num: number;
  readonly kind: number;
  readonly rest: Uint8Array;
}

export function descriptors(tid: number, list: readonly ListedFd[], version: 1 | 2 = 2): Buffer {
  const entries = list.map(({ num, kind, rest }) => {
    const body = Buffer.concat([u64(num), u64(0), u8(kind), rest]);
    return version === 2 ? Buffer.concat([u32(body.length + 4), body]) : body;
  });
  return block(version === 2 ? 0x218 : 0x203, Buffer.concat([u64(tid), ...entries]));
}

export function users(list: readonly (readonly [uid: number, name: string])[], version: 1 | 2 = 2): Buffer {
  const entries = list.map(([uid, name]) => {
    const body = Buffer.concat([
      u8(0),
      u32(uid),
      u32(uid),
      text(name),
      text(`/home/${name}`),
      text('/bin/sh'),
    ]);
    return version === 2 ? Buffer.concat([u32(body.length + 4), body]) : body;
  });
  return block(version === 2 ? 0x220 : 0x206, Buffer.concat(entries));
}

export type ParamInput = number | bigint | string | Uint8Array | undefined;

export interface EventInput {
  readonly id: number;
  readonly tid?: number;
  readonly timeNs?: number | bigint;
  readonly cpu?: number;
  /** In the order of the table; fewer than the table has are written as fewer. */
  readonly params?: readonly ParamInput[];
  /** Layout: 1 without the number of parameters, 2 with it, 3 with wide lengths. */
  readonly layout?: 1 | 2 | 3;
  readonly flags?: number;
}

const WIDTHS: ReadonlyMap<number, number> = new Map<number, number>([
  ...[PARAM.int8, PARAM.uint8, PARAM.signal, PARAM.flags8, PARAM.enum8].map((type) => [type, 1] as const),
  ...[PARAM.int16, PARAM.uint16, PARAM.port, PARAM.flags16, PARAM.enum16, PARAM.syscall].map(
    (type) => [type, 2] as const,
  ),
  ...[
    PARAM.int32,
    PARAM.uint32,
    PARAM.bool,
    PARAM.flags32,
    PARAM.uid,
    PARAM.gid,
    PARAM.mode,
    PARAM.enum32,
    PARAM.sigset,
    PARAM.fd32,
    PARAM.pid32,
  ].map((type) => [type, 4] as const),
]);

function paramBytes(value: ParamInput, type: number): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  if (typeof value === 'string') return Buffer.from(`${value}\0`);
  if (value instanceof Uint8Array) return Buffer.from(value);
  const width = WIDTHS.get(type) ?? 8;
  return u64(value).subarray(0, width);
}

const BLOCK_OF_LAYOUT = { 1: [0x204, 0x208], 2: [0x216, 0x217], 3: [0x221, 0x222] } as const;

export function event(input: EventInput): Buffer {
  const { id, layout = 2, params = [] } = input;
  const table = CAPTURE_EVENT_TYPES[id]?.params ?? [];
  const values = params.map((value, index) => paramBytes(value, table[index]?.type ?? PARAM.bytebuf));
  const lengths = values.map((value) => (layout === 3 ? u32(value.length) : u16(value.length)));
  const count = layout === 1 ? Buffer.alloc(0) : u32(values.length);
  const rest = Buffer.concat([u16(id), count, ...lengths, ...values]);
  const header = Buffer.concat([
    u64(input.timeNs ?? 1_000_000_000n),
    u64(input.tid ?? 100),
    u32(8 + 8 + 4 + rest.length),
  ]);
  const flags = input.flags === undefined ? Buffer.alloc(0) : u32(input.flags);
  const type = BLOCK_OF_LAYOUT[layout][input.flags === undefined ? 0 : 1];
  return block(type, Buffer.concat([u16(input.cpu ?? 0), flags, header, rest]));
}

/** `family, address, port, address, port` of IPv4. */
export function tuple4(
  source: string,
  sourcePort: number,
  destination: string,
  destinationPort: number,
): Buffer {
  const address = (ip: string): Buffer => Buffer.from(ip.split('.').map(Number));
  return Buffer.concat([u8(2), address(source), u16(sourcePort), address(destination), u16(destinationPort)]);
}

/** `family, address, port` of IPv4. */
export function address4(ip: string, port: number): Buffer {
  return Buffer.concat([u8(2), Buffer.from(ip.split('.').map(Number)), u16(port)]);
}
