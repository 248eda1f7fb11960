// What the two sides of unpacking in another thread share.

export interface UnpackSetup {
  /** A header, and room for one piece of output. */
  readonly shared: SharedArrayBuffer;
  /** Of zstd: frames with larger windows are refused. */
  readonly windowLog: number;
}

export interface UnpackRequest {
  /** The next packed bytes; none when there are no more. */
  readonly input?: Uint8Array;
}

export const HEADER_BYTES = 8;
/** Indices of the header. */
export const STATE = 0;
export const LENGTH = 1;
/** Who has the word: this side after `waiting`, the other after all else. */
export const STATES = { waiting: 0, output: 1, hungry: 2, end: 3, damage: 4 } as const;
