// What an image is, wherever it comes from: a description and layers whose bytes can be read.
import type { ImageConfig } from './image-config.ts';

/** One layer, lowest first. Layers of the same content appear as often as the image lists them. */
export interface ImageLayer {
  /** Of the bytes that `open` gives. */
  readonly digest: string;
  /** Of the uncompressed tar. Whoever decompresses has to check it before anything is kept under this name. */
  readonly diffId: string;
  /** Bytes that `open` gives; 0 when it is not known beforehand. */
  readonly size: number;
  /** As the image says; the first bytes tell the compression more reliably. */
  readonly mediaType: string;
  /**
   * The bytes as stored, usually compressed; verified while they pass. A wrong digest is an error at the very end:
   * what was made of the bytes must then be discarded. May be called more than once.
   * @throws CodedError GC_IMAGE_DIGEST, GC_IMAGE_FOREIGN_LAYER, GC_IMAGE_NOT_FOUND, GC_REGISTRY_…
   */
  open(): AsyncIterable<Uint8Array>;
}

export interface ImageSource {
  /** As the user wrote it. */
  readonly name: string;
  /** Of the manifest; empty where the source keeps none (docker's own store, old archives). */
  readonly digest: string;
  /** Of the configuration, which docker calls the image id; empty where it is unknown. */
  readonly configDigest: string;
  /** `linux/amd64`. */
  readonly platform: string;
  readonly config: ImageConfig;
  readonly layers: readonly ImageLayer[];
  /** `repository:tag` names that the source knows for it. */
  readonly tags: readonly string[];
  /** Ends connections and removes temporary files. May be called more than once. */
  close(): Promise<void>;
}
