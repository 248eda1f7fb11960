// The whole public surface: vulnerability feeds and the database made from them.
export * from './database/build.ts';
export * from './database/inputs.ts';
export * from './database/open.ts';
export { type DatabaseInfo, type FeedState, SCHEMA_VERSION } from './database/schema.ts';
export type { FeedSpec, Judgement, Parsed } from './feed.ts';
export { FEEDS, feedOfFile } from './feeds/registry.ts';
