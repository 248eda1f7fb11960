// How much of an archive is unpacked before the rest is only named. Every limit ends in a sentence, never in silence.

export interface ArchiveLimits {
  /** Archives within archives, below the outermost. */
  readonly depth: number;
  /** Entries of an archive and of all archives within it, wanted or not. */
  readonly members: number;
  /** Of those, the ones that are read. */
  readonly reads: number;
  /** Of those, the ones that do not unpack: each costs memory until the event loop turns. */
  readonly broken: number;
  /** Bytes of a member; larger ones are not read. */
  readonly memberBytes: number;
  /** Bytes that come out of an archive and of all archives within it, together. */
  readonly unpackedBytes: number;
  /** The same for all archives of a scan. */
  readonly scanBytes: number;
  /** Unpacked bytes for each byte of the outermost archive, once `ratioFrom` of them came out. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

const MIB = 2 ** 20;

export const ARCHIVE_LIMITS: ArchiveLimits = {
  depth: 3,
  members: 1_000_000,
  reads: 100_000,
  broken: 1000,
  memberBytes: 32 * MIB,
  unpackedBytes: 512 * MIB,
  scanBytes: 4096 * MIB,
  // Texts get to 20, a table of zeros in a database to 100.
  ratio: 200,
  ratioFrom: 32 * MIB,
};

/** Larger archives are not opened. */
export const MAX_ARCHIVE_BYTES: number = 512 * MIB;
