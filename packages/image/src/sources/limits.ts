// How much of an image is believed. Everything that comes from outside has a bound.

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

export const MAX_MANIFEST_BYTES = 4 * MIB;
export const MAX_CONFIG_BYTES = 8 * MIB;
export const MAX_LAYERS = 1000;
/** Images in one index, entries of an index file. */
export const MAX_INDEX_ENTRIES = 10_000;
/** Compressed bytes of one layer, unless the caller says otherwise. */
export const DEFAULT_MAX_BLOB_BYTES = 32 * GIB;
/** Bytes that one archive may take in the folder for temporary files. */
export const DEFAULT_MAX_SPOOL_BYTES = 64 * GIB;
/** What a spooled archive leaves free on the disk. */
export const SPOOL_RESERVE_BYTES = 512 * MIB;
/** Entries of one image archive: layers and their descriptions, not the files in them. */
export const MAX_ARCHIVE_ENTRIES = 100_000;
