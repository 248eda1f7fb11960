// The whole public surface of cel.
export * from './compile.ts';
export { closestName, didYouMean } from './did-you-mean.ts';
export { CelFailure, CelLimitExceeded, fail } from './failure.ts';
export { functionTable, STANDARD_LIBRARIES } from './library/registry.ts';
export {
  allowSize,
  allowText,
  type CelLimits,
  charge,
  DEFAULT_LIMITS,
  MAX_DEPTH,
  MAX_SOURCE_LENGTH,
  type Meter,
} from './limits.ts';
export { fromNative } from './native.ts';
export {
  type CelFunction,
  type CelLibrary,
  type CelOverload,
  global,
  method,
  type ValueOf,
} from './overload.ts';
export * from './program.ts';
export { toNative } from './to-native.ts';
export * from './types.ts';
export {
  CelDuration,
  CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  typeNameOf,
} from './values.ts';
