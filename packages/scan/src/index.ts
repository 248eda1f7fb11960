// The whole public surface: a scan of anything.
export { scanTarget } from './scan.ts';
export { parseScanParts, SCAN_PARTS, type ScanPart } from './scan-parts.ts';
export type { ScanOptions, ScanProgress, ScanTarget } from './scan-target.ts';
export type { Decisions } from './suppress.ts';
