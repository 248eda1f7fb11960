// What the rest of the package and its users may use of writing captures.
export { listCaptures, type StoredCapture } from './around/capture-folder.ts';
export {
  type MatchRecorder,
  type MatchRecorderCounts,
  type MatchRecorderLimits,
  type MatchRecorderOptions,
  matchRecorder,
} from './around/match-recorder.ts';
export type { CaptureFile, CaptureWriteErrorCode } from './capture-file.ts';
export { type CaptureFiles, type CaptureTotals, openCaptureFiles } from './capture-files.ts';
export { type CaptureCounts, type CaptureSink, type CaptureWriter, captureWriter } from './capture-writer.ts';
export { machineFacts } from './machine.ts';
export { procSnapshot, type SnapshotOptions } from './proc-snapshot.ts';
export { RULE_EVENT_TYPES, STATE_EVENT_TYPES } from './recorded-types.ts';
export type {
  DescriptorEntry,
  DescriptorTable,
  GroupEntry,
  InterfaceEntry,
  MachineFacts,
  ProcessSnapshot,
  ThreadEntry,
  UserEntry,
} from './snapshot.ts';
