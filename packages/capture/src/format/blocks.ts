// Block types of a capture file, current and historical numbers.

/** Bytes of a block around its body: type and length before, length after. */
export const BLOCK_HEADER = 8;
export const BLOCK_TRAILER = 4;
export const BLOCK_OVERHEAD = BLOCK_HEADER + BLOCK_TRAILER;

export const SECTION_HEADER = 0x0a0d0d0a;
export const SECTION_MAGIC = 0x1a2b3c4d;
export const SECTION_MAGIC_SWAPPED = 0x4d3c2b1a;
export const SECTION_MAJOR = 1;

/** Metadata blocks that a reader understands; the number is the version of the layout. */
export type MetadataBlock =
  | { readonly kind: 'machine' }
  | { readonly kind: 'processes'; readonly version: number }
  | { readonly kind: 'descriptors'; readonly version: 1 | 2 }
  | { readonly kind: 'interfaces'; readonly version: 1 | 2 }
  | { readonly kind: 'users'; readonly version: 1 | 2 };

// Numbers above 0x80000000 were in use before the format was published.
export const METADATA_BLOCKS: ReadonlyMap<number, MetadataBlock> = new Map<number, MetadataBlock>([
  [0x201, { kind: 'machine' }],
  [0x8002abcd, { kind: 'machine' }],
  [0x202, { kind: 'processes', version: 1 }],
  [0x8000abcd, { kind: 'processes', version: 1 }],
  [0x207, { kind: 'processes', version: 2 }],
  [0x8013abcd, { kind: 'processes', version: 2 }],
  [0x209, { kind: 'processes', version: 3 }],
  [0x8014abcd, { kind: 'processes', version: 3 }],
  [0x210, { kind: 'processes', version: 4 }],
  [0x211, { kind: 'processes', version: 5 }],
  [0x212, { kind: 'processes', version: 6 }],
  [0x213, { kind: 'processes', version: 7 }],
  [0x214, { kind: 'processes', version: 8 }],
  [0x215, { kind: 'processes', version: 9 }],
  [0x203, { kind: 'descriptors', version: 1 }],
  [0x8001abcd, { kind: 'descriptors', version: 1 }],
  [0x218, { kind: 'descriptors', version: 2 }],
  [0x205, { kind: 'interfaces', version: 1 }],
  [0x8011abcd, { kind: 'interfaces', version: 1 }],
  [0x219, { kind: 'interfaces', version: 2 }],
  [0x206, { kind: 'users', version: 1 }],
  [0x8012abcd, { kind: 'users', version: 1 }],
  [0x220, { kind: 'users', version: 2 }],
]);

/** What an event block looks like inside. */
export const EVENT_BLOCK = {
  v1: 0x204,
  v1Legacy: 0x8010abcd,
  v1Flags: 0x208,
  v2: 0x216,
  v2Flags: 0x217,
  v2Large: 0x221,
  v2LargeFlags: 0x222,
} as const;

/** Bytes of an event's own header: without and with the number of parameters. */
export const EVENT_HEADER_V1 = 22;
export const EVENT_HEADER_V2 = 26;
