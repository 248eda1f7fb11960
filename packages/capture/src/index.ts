// The whole public surface of the package: reading captures (src/read) and writing them (src/write).
export { CAPTURE_EVENT_NAMES } from './format/event-types.ts';
export { CaptureError, type CaptureErrorCode } from './read/fault.ts';
export {
  type Capture,
  type CaptureLimits,
  type CaptureStats,
  openCapture,
  type ReadOptions,
} from './read/open-capture.ts';
export type { CaptureSource } from './read/source.ts';
export {
  type CaptureCounts,
  type CaptureFile,
  type CaptureFiles,
  type CaptureSink,
  type CaptureTotals,
  type CaptureWriteErrorCode,
  type CaptureWriter,
  captureWriter,
  type DescriptorEntry,
  type DescriptorTable,
  type GroupEntry,
  type InterfaceEntry,
  listCaptures,
  type MachineFacts,
  type MatchRecorder,
  type MatchRecorderCounts,
  type MatchRecorderLimits,
  type MatchRecorderOptions,
  machineFacts,
  matchRecorder,
  openCaptureFile,
  openCaptureFiles,
  type ProcessSnapshot,
  procSnapshot,
  RULE_EVENT_TYPES,
  type SnapshotOptions,
  STATE_EVENT_TYPES,
  type StoredCapture,
  type ThreadEntry,
  type UserEntry,
} from './write/index.ts';
