// The `guardcell capture` commands.
export { captureList } from './list.ts';
export { captureRecord } from './record.ts';
