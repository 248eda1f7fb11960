// The whole public surface of kit: small shared infrastructure.
export * from './clock.ts';
export * from './coded-error.ts';
export * from './ids.ts';
export * from './json-lines.ts';
export * from './logger.ts';
export * from './loopback.ts';
export * from './make-folder.ts';
export * from './own-folder.ts';
export * from './paced-body.ts';
export * from './phrase.ts';
export * from './proc-stat.ts';
