// Reads structure layouts and enumerations from the BTF section of a BPF object, enough to check our own ABI.
// Format: https://docs.kernel.org/bpf/btf.html
import { CodedError } from '@guardcell/kit';

export interface BtfMember {
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface BtfStruct {
  readonly name: string;
  readonly sizeBytes: number;
  readonly members: readonly BtfMember[];
}

export interface BtfEnum {
  readonly name: string;
  readonly values: ReadonlyMap<string, number>;
}

export interface Btf {
  readonly structs: ReadonlyMap<string, BtfStruct>;
  readonly enums: ReadonlyMap<string, BtfEnum>;
}

const KIND = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  functionProto: 13,
  variable: 14,
  dataSection: 15,
  declTag: 17,
  enum64: 19,
} as const;

interface RawType {
  readonly name: string;
  readonly kind: number;
  /** Size in bytes, or the id of the type referred to. */
  readonly sizeOrType: number;
  readonly at: number;
  readonly count: number;
}

function malformed(message: string): CodedError {
  return new CodedError('GC_SENSOR_BAD_OBJECT', message, {
    hint: 'Rebuild the object with `guardcell build bpf`.',
  });
}

/**
 * The bytes of a section of a 64-bit little-endian ELF file.
 * @throws CodedError GC_SENSOR_BAD_OBJECT when it is no such file or has no such section.
 */
export function elfSection(file: Uint8Array, wanted: string): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64 || view.getUint32(0, false) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw malformed('not a 64-bit little-endian ELF file');
  }
  try {
    const table = Number(view.getBigUint64(0x28, true));
    const entrySize = view.getUint16(0x3a, true);
    const count = view.getUint16(0x3c, true);
    const place = (index: number): { name: number; offset: number; size: number } => {
      const at = table + index * entrySize;
      return {
        name: view.getUint32(at, true),
        offset: Number(view.getBigUint64(at + 0x18, true)),
        size: Number(view.getBigUint64(at + 0x20, true)),
      };
    };
    const names = place(view.getUint16(0x3e, true));
    for (let index = 0; index < count; index++) {
      const section = place(index);
      if (textAt(file, names.offset + section.name) === wanted) {
        return file.subarray(section.offset, section.offset + section.size);
      }
    }
  } catch (cause) {
    throw new CodedError('GC_SENSOR_BAD_OBJECT', 'the ELF file is cut short', { cause });
  }
  throw malformed(`the ELF file has no section ${wanted}`);
}

function textAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return Buffer.from(bytes.subarray(at, end < 0 ? at : end)).toString('latin1');
}

function tailSize(kind: number, count: number): number {
  switch (kind) {
    case KIND.int:
    case KIND.variable:
    case KIND.declTag:
      return 4;
    case KIND.array:
      return 12;
    case KIND.struct:
    case KIND.union:
    case KIND.dataSection:
    case KIND.enum64:
      return 12 * count;
    case KIND.enum:
    case KIND.functionProto:
      return 8 * count;
    default:
      return 0;
  }
}

/**
 * Parses a BTF section.
 * @throws CodedError GC_SENSOR_BAD_OBJECT when it is malformed.
 */
export function parseBtf(section: Uint8Array): Btf {
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  if (section.length < 24 || view.getUint16(0, true) !== 0xeb9f) throw malformed('not a BTF section');
  const headerSize = view.getUint32(4, true);
  const typesAt = headerSize + view.getUint32(8, true);
  const typesEnd = typesAt + view.getUint32(12, true);
  const stringsAt = headerSize + view.getUint32(16, true);
  if (typesEnd > section.length || stringsAt > section.length)
    throw malformed('the BTF section is cut short');
  const nameAt = (offset: number): string => textAt(section, stringsAt + offset);

  const types: (RawType | undefined)[] = [undefined];
  let at = typesAt;
  while (at + 12 <= typesEnd) {
    const info = view.getUint32(at + 4, true);
    const kind = (info >>> 24) & 0x1f;
    const count = info & 0xffff;
    types.push({
      name: nameAt(view.getUint32(at, true)),
      kind,
      sizeOrType: view.getUint32(at + 8, true),
      at: at + 12,
      count,
    });
    at += 12 + tailSize(kind, count);
  }

  function sizeOf(id: number, depth = 0): number {
    const type = types[id];
    if (type === undefined || depth > 32) return 0;
    switch (type.kind) {
      case KIND.int:
      case KIND.struct:
      case KIND.union:
      case KIND.enum:
      case KIND.enum64:
        return type.sizeOrType;
      case KIND.pointer:
        return 8;
      case KIND.array:
        return sizeOf(view.getUint32(type.at, true), depth + 1) * view.getUint32(type.at + 8, true);
      default:
        return sizeOf(type.sizeOrType, depth + 1);
    }
  }

  const structs = new Map<string, BtfStruct>();
  const enums = new Map<string, BtfEnum>();
  for (const type of types) {
    if (type === undefined || type.name === '' || type.at + tailSize(type.kind, type.count) > typesEnd)
      continue;
    if (type.kind === KIND.struct) {
      const members = Array.from({ length: type.count }, (_, index) => ({
        name: nameAt(view.getUint32(type.at + index * 12, true)),
        offsetBytes: (view.getUint32(type.at + index * 12 + 8, true) & 0xffffff) / 8,
        sizeBytes: sizeOf(view.getUint32(type.at + index * 12 + 4, true)),
      }));
      structs.set(type.name, { name: type.name, sizeBytes: type.sizeOrType, members });
    } else if (type.kind === KIND.enum) {
      const values = new Map<string, number>();
      for (let index = 0; index < type.count; index++) {
        values.set(
          nameAt(view.getUint32(type.at + index * 8, true)),
          view.getInt32(type.at + index * 8 + 4, true),
        );
      }
      enums.set(type.name, { name: type.name, values });
    }
  }
  return { structs, enums };
}
