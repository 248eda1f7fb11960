// The whole public surface of notify.
export * from './types.ts';
