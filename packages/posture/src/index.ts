// The whole public surface: checks of Dockerfiles, manifests and pipelines.
export type { AnyCheck, Check, PostureKind } from './check.ts';
export { checkFile, type PostureOptions, type PostureResult } from './check-file.ts';
export { POSTURE_CHECKS } from './checks/registry.ts';
export { detectKind, mayBePosture } from './detect-kind.ts';
export { type Dockerfile, parseDockerfile } from './parse/dockerfile.ts';
