// Reading what artifacts hold: layers and trees.
export type { Contents } from './assemble.ts';
export {
  defaultCacheDirectory,
  type LayerCache,
  type LayerCacheOptions,
  openLayerCache,
} from './layer-cache.ts';
export type { LayerSource } from './layer-source.ts';
export type { LayerErrorCode, LayerLimits } from './limits.ts';
export { fileExclusion, type PathExclusion } from './path-exclusion.ts';
export { type ReadContents, type ReadLayersOptions, readLayers, readTree } from './read-layers.ts';
export {
  createTarReader,
  type TarEntry,
  type TarEntryKind,
  type TarReader,
  type TarSink,
} from './tar-reader.ts';
export type { WalkOptions } from './walk-tree.ts';
