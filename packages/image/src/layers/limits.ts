// How much of a layer is read before it counts as hostile. Every limit ends in a coded error, never in silence.

export interface LayerLimits {
  /** Entries of one layer. */
  readonly entries: number;
  /** Uncompressed bytes of one layer. */
  readonly bytes: number;
  /** Uncompressed bytes for each stored byte, counted once `ratioFrom` uncompressed bytes are reached. */
  readonly ratio: number;
  readonly ratioFrom: number;
  /** Bytes of one layer that are looked at more often than they are stored: holes of sparse files, files under more names. */
  readonly repeatedBytes: number;
  /** Bytes of one layer that are copied to disk, of files too large for memory. */
  readonly storedBytes: number;
  /** Fragments that analyzers may keep of one layer, and of all layers of an image; and their JSON and paths together. */
  readonly fragments: number;
  readonly fragmentChars: number;
  /** Packages that these fragments name. */
  readonly packages: number;
  /** Names that all layers of an image together may hide, as text (eleven characters a name). */
  readonly markChars: number;
}

export const LAYER_LIMITS: LayerLimits = {
  entries: 5_000_000,
  bytes: 64 * 2 ** 30,
  // gzip cannot do more than 1032; a disk image of zeros gets close to that.
  ratio: 400,
  ratioFrom: 2 ** 30,
  repeatedBytes: 2 ** 30,
  storedBytes: 16 * 2 ** 30,
  fragments: 100_000,
  fragmentChars: 48 * 2 ** 20,
  // What a scan keeps of a package takes about two kilobytes. All of Debian has fewer.
  packages: 75_000,
  markChars: 64 * 2 ** 20,
};

export type LayerErrorCode =
  | 'GC_LAYER_TOO_LARGE'
  | 'GC_LAYER_TOO_MANY_ENTRIES'
  | 'GC_LAYER_TOO_MANY_FINDINGS'
  | 'GC_LAYER_MALFORMED'
  | 'GC_LAYER_TRUNCATED'
  | 'GC_LAYER_DIGEST'
  | 'GC_LAYER_UNREADABLE';
