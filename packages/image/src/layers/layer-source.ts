// What a layer is to those who read it: its name by content, and a way to its bytes.

/** One layer of an image, as image sources (registry, archive, store) give it. */
export interface LayerSource {
  /** sha256 of the uncompressed tar, `sha256:…`, as the image's configuration says; checked while reading. */
  readonly diffId: string;
  /** The stored bytes: plain tar, gzip or zstd, told apart by their first bytes. Can be called again. */
  open(): AsyncIterable<Uint8Array>;
}
