// The whole public surface: a scan of anything.

export type { HistorySelection } from './history/scan-history.ts';
export { type ExcludeRule, excludeProblem, MAX_EXCLUDES } from './left-out-paths.ts';
export {
  type RegistryScanOptions,
  type RegistryScanProgress,
  type RegistryScanResult,
  scanRegistry,
} from './registry/scan-registry.ts';
export type { RegistryImage, RegistrySelection } from './registry/select-images.ts';
export { scanTarget } from './scan.ts';
export { parseScanParts, SCAN_PARTS, type ScanPart } from './scan-parts.ts';
export type { ScanOptions, ScanProgress, ScanTarget } from './scan-target.ts';
export type { Decisions } from './suppress.ts';
