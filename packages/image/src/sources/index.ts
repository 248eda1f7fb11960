// Where images come from.
export { type ImageErrorCode, imageFailure } from './failures.ts';
export type { Healthcheck, HistoryEntry, ImageConfig } from './image-config.ts';
export type { ImageLayer, ImageSource } from './image-source.ts';
export type { Descriptor } from './oci/manifest.ts';
export { type OpenImageOptions, openImage } from './open-image.ts';
export type { Platform } from './platform.ts';
export type { ImageReference, LocalReference, RegistryReference } from './reference.ts';
export { type FetchedManifest, openRegistry, type RegistryClient } from './registry/registry-client.ts';
export type { RegistryCredentials, RegistryOptions, RegistryTls } from './registry/registry-options.ts';
