// The whole public surface of core: pure data and pure functions, no I/O, no dependencies.
export * from './alert.ts';
export * from './container.ts';
export * from './event-query.ts';
export * from './exposure.ts';
export * from './response.ts';
export * from './rule-source.ts';
export * from './runtime/address-text.ts';
export * from './runtime/event.ts';
export * from './runtime/file-descriptor.ts';
export * from './runtime/thread.ts';
export * from './scan/advisory.ts';
export * from './scan/debian-release.ts';
export * from './scan/package-type.ts';
export * from './scan/scan-report.ts';
export * from './sensor-report.ts';
export * from './severity.ts';
export * from './untyped.ts';
