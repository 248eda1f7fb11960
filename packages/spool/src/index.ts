// The whole public surface of spool.
export type { SpoolGap } from './gap-list.ts';
export { keyOfText } from './recent-keys.ts';
export { openSpool, type Spool, type SpoolEntry, type SpoolOptions, type SpoolStats } from './spool.ts';
