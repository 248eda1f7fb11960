// The whole public surface of notify.
export { isPublicAddress } from './address.ts';
export { DEFAULT_NOTIFIER_LIMITS } from './backoff.ts';
export { allowEntryOf } from './endpoint.ts';
export { EVENT_TYPE } from './envelope.ts';
export { createNotifier } from './notifier.ts';
export {
  type SignedParts,
  signatureOf,
  type Verification,
  type VerifyInput,
  verifySignature,
} from './signature.ts';
export * from './types.ts';
