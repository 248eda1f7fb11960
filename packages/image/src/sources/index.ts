// Where images come from.
export { type Expected, isDigest, readBounded, verified } from './digest.ts';
export { type ImageErrorCode, imageFailure, isImageFailure } from './failures.ts';
export type { Healthcheck, HistoryEntry, ImageConfig } from './image-config.ts';
export type { ImageLayer, ImageSource } from './image-source.ts';
export type { Descriptor } from './oci/manifest.ts';
export { type OpenImageOptions, openImage } from './open-image.ts';
export { hostPlatform, type Platform, parsePlatform, platformText } from './platform.ts';
export {
  fullName,
  type ImageReference,
  type LocalReference,
  parseReference,
  type RegistryReference,
} from './reference.ts';
export { type FetchedManifest, openRegistry, type RegistryClient } from './registry/registry-client.ts';
export type { RegistryCredentials, RegistryOptions, RegistryTls } from './registry/registry-options.ts';
