// The whole public surface of cel.
export * from './compile.ts';
export { didYouMean } from './did-you-mean.ts';
export type { CelLimits } from './limits.ts';
export * from './program.ts';
export * from './types.ts';
