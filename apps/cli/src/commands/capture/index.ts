// The `guardcell capture` commands.
export { captureRecord } from './record.ts';
