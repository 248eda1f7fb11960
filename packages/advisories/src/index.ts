// The whole public surface: vulnerability feeds and the database made from them.
export * from './database/build.ts';
export * from './database/inputs.ts';
export * from './database/open.ts';
export type { DatabaseInfo, FeedState } from './database/schema.ts';
export type { FeedSpec, Judgement, Parsed } from './feed.ts';
export { FEEDS } from './feeds/registry.ts';
export * from './locate.ts';
export * from './update/bundle.ts';
export { type FetchOptions, fetchFeeds } from './update/feeds.ts';
export { updateFromFeeds } from './update/from-feeds.ts';
export type { Manifest } from './update/manifest.ts';
export { type MirrorOptions, type MirrorUpdate, updateFromMirrors } from './update/mirror.ts';
export { fileSha256, isSignedBy, signatureFile, signDigest } from './update/signature.ts';
