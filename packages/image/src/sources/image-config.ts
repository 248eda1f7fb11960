// The configuration of an image. Spec: OCI image-spec config.md; docker's own has the same members and a few more.
import { isDigest } from './digest.ts';
import { imageFailure } from './failures.ts';
import { isObject, listOf, objectOf, parseJson, textMapOf, textOf, textsOf } from './json-fields.ts';
import { MAX_LAYERS } from './limits.ts';

/** How one layer came about, or a step that changed no file. */
export interface HistoryEntry {
  /** RFC 3339, or empty. */
  readonly created: string;
  /** The command: `RUN /bin/sh -c …`. */
  readonly createdBy: string;
  readonly comment: string;
  readonly emptyLayer: boolean;
}

export interface Healthcheck {
  /** `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`. */
  readonly test: readonly string[];
}

export interface ImageConfig {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  /** RFC 3339, or empty. */
  readonly created: string;
  readonly author: string;
  /** Of the uncompressed layers, lowest first. */
  readonly diffIds: readonly string[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  /** Empty means root. */
  readonly user: string;
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  /** `80/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly healthcheck?: Healthcheck;
}

const MAX_HISTORY = 10_000;

function historyOf(value: unknown): HistoryEntry[] {
  return listOf(value)
    .slice(0, MAX_HISTORY)
    .map(objectOf)
    .map((entry) => ({
      created: textOf(entry['created']),
      createdBy: textOf(entry['created_by']),
      comment: textOf(entry['comment']),
      emptyLayer: entry['empty_layer'] === true,
    }));
}

/** The configuration from its JSON; docker's API gives the same members under `Config`. */
export function imageConfigOf(value: unknown, at: string): ImageConfig {
  const root = objectOf(value);
  const config = objectOf(root['config']);
  const diffIds = listOf(objectOf(root['rootfs'])['diff_ids']).map(textOf);
  if (!isObject(value) || diffIds.some((diffId) => !isDigest(diffId))) {
    throw imageFailure('GC_IMAGE_MANIFEST', 'the image configuration is not one', { at });
  }
  if (diffIds.length > MAX_LAYERS) {
    throw imageFailure('GC_IMAGE_TOO_LARGE', `more than ${MAX_LAYERS} layers are not read`, { at });
  }
  const health = config['Healthcheck'];
  return {
    os: textOf(root['os']) || 'linux',
    architecture: textOf(root['architecture']),
    variant: textOf(root['variant']),
    created: textOf(root['created']),
    author: textOf(root['author']),
    diffIds,
    history: historyOf(root['history']),
    user: textOf(config['User']),
    env: textsOf(config['Env']),
    entrypoint: textsOf(config['Entrypoint']),
    cmd: textsOf(config['Cmd']),
    workingDir: textOf(config['WorkingDir']),
    exposedPorts: Object.keys(objectOf(config['ExposedPorts'])),
    volumes: Object.keys(objectOf(config['Volumes'])),
    labels: textMapOf(config['Labels']),
    ...(isObject(health) ? { healthcheck: { test: textsOf(health['Test']) } } : {}),
  };
}

/** @throws CodedError GC_IMAGE_MANIFEST, GC_IMAGE_TOO_LARGE. */
export function parseImageConfig(bytes: Uint8Array, at: string): ImageConfig {
  return imageConfigOf(parseJson(bytes), at);
}
