// The whole public surface of respond.
export * from './recent-actions.ts';
export * from './types.ts';
