// The whole public surface of spool.
export type { SpoolGap } from './gap-list.ts';
export { openSpool, type Spool, type SpoolEntry, type SpoolOptions, type SpoolStats } from './spool.ts';
