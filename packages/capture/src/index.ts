// The whole public surface of the package: reading captures (src/read) and writing them (src/write).
export { CAPTURE_EVENT_NAMES } from './format/event-types.ts';
export type { CaptureErrorCode } from './read/fault.ts';
export {
  type Capture,
  type CaptureLimits,
  type CaptureStats,
  openCapture,
  type ReadOptions,
} from './read/open-capture.ts';
export type { CaptureSource } from './read/source.ts';
export * from './write/index.ts';
