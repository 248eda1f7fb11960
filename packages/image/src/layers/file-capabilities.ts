// Capabilities that a file gives to whoever runs it, as archives keep them. Spec: capabilities(7), linux/capability.h
// (struct vfs_cap_data); names of pax records as Go's and GNU's tar (SCHILY) and libarchive write them.

/** Its value is bytes, not text. */
export const CAPABILITY_RECORD = 'SCHILY.xattr.security.capability';
const BASE64_RECORD = 'LIBARCHIVE.xattr.security.capability';

/** Words of 32 bits for each set, by the revision in the highest byte. */
const WORDS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 2 };
/** Magic, then permitted and inheritable in turns. */
const HEAD_BYTES = 4;
const PAIR_BYTES = 8;

/** Numbers of the capabilities that the file may use; undefined without any, or when the record is none. */
export function fileCapabilities(
  pax: ReadonlyMap<string, string> | undefined,
): readonly number[] | undefined {
  const raw = pax?.get(CAPABILITY_RECORD);
  const base64 = pax?.get(BASE64_RECORD);
  if (raw !== undefined) return permitted(Buffer.from(raw, 'latin1'));
  return base64 === undefined ? undefined : permitted(Buffer.from(base64, 'base64'));
}

function permitted(bytes: Buffer): readonly number[] | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const words = WORDS[bytes.readUInt32LE(0) >>> 24];
  if (words === undefined || bytes.length < HEAD_BYTES + words * PAIR_BYTES) return undefined;
  const numbers: number[] = [];
  for (let word = 0; word < words; word += 1) {
    const bits = bytes.readUInt32LE(HEAD_BYTES + word * PAIR_BYTES);
    for (let bit = 0; bit < 32; bit += 1) if ((bits >>> bit) & 1) numbers.push(word * 32 + bit);
  }
  return numbers.length === 0 ? undefined : numbers;
}
