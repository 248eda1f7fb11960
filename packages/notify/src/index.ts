// The whole public surface of notify.
export { allowEntryOf } from './endpoint.ts';
export { createNotifier } from './notifier.ts';
export {
  type SignedParts,
  type Verification,
  type VerifyInput,
  verifySignature,
} from './signature.ts';
export * from './types.ts';
