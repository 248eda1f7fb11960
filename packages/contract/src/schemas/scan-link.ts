// Scanning between agent and server: what agents found in hosts and containers, and which packages are in use.
import { IN_USE } from '@guardcell/core';
import { Type } from 'typebox';
import { OneOf, TimeSchema } from './primitives.ts';
import { ScanErrorSchema, ScanReportSchema } from './scan-report.ts';

/** A host with some ten thousand packages has a report of some 20 MB. */
export const SCAN_UPLOAD_MAX_BYTES: number = 64 * 1024 * 1024;

/** `host`, or the image of a container: everything by which the same image may be known elsewhere. */
export const ScanSubjectSchema = Type.Object({
  kind: OneOf(['host', 'container']),
  /** Full id of the container that was looked into; empty for the host. */
  containerId: Type.String({ maxLength: 200 }),
  /** `registry/name:tag`, or the host's name. */
  name: Type.String({ maxLength: 1000 }),
  /** Digest of the manifest, `sha256:…`, where the runtime knows it. */
  manifestDigest: Type.String({ maxLength: 200 }),
  /** Digest of the image's configuration, docker's image id. */
  imageId: Type.String({ maxLength: 200 }),
});
export type ScanSubject = Type.Static<typeof ScanSubjectSchema>;

/**
 * `POST /agent/v1/scans`, gzip allowed. Agents have no vulnerability database: `report.vulnerabilities` is empty and
 * the server matches. `report` is left out when the target could not be read at all; then `problem` says why.
 */
export const ScanUploadSchema = Type.Object({
  sensorId: Type.String({ maxLength: 200 }),
  /** Of the request that it answers; empty when the agent scanned on its own. */
  requestId: Type.String({ maxLength: 200 }),
  subject: ScanSubjectSchema,
  report: Type.Optional(ScanReportSchema),
  problem: Type.Optional(ScanErrorSchema),
});
export type ScanUpload = Type.Static<typeof ScanUploadSchema>;

/**
 * `POST /agent/v1/in-use`, every minute for containers where something changed, and for the host (containerId `host`).
 * Packages that are not named were not touched in the window.
 */
export const InUseUploadSchema = Type.Object({
  sensorId: Type.String({ maxLength: 200 }),
  containers: Type.Array(
    Type.Object({
      containerId: Type.String({ maxLength: 200 }),
      /** As in the subject of its scan; both empty for the host. */
      manifestDigest: Type.String({ maxLength: 200 }),
      imageId: Type.String({ maxLength: 200 }),
      from: TimeSchema,
      to: TimeSchema,
      /** Events that were lost since the upload before: with losses, untouched means less. */
      lost: Type.Integer(),
      packages: Type.Array(
        Type.Object({
          purl: Type.String({ maxLength: 2000 }),
          grade: OneOf(IN_USE),
          lastAt: TimeSchema,
          /** A file of the package that was touched in this way. */
          example: Type.String({ maxLength: 500 }),
        }),
        { maxItems: 50_000 },
      ),
    }),
    { maxItems: 500 },
  ),
});
export type InUseUpload = Type.Static<typeof InUseUploadSchema>;

/** Part of the desired state of an agent. */
export const ScanningStateSchema = Type.Object({
  enabled: Type.Boolean(),
  containers: Type.Boolean(),
  host: Type.Boolean(),
  /** Hosts and long-running containers are looked at again after so long. */
  everyMinutes: Type.Integer(),
  /** Asked for by people; each id is answered once. `target`: `host` or a container id. */
  requests: Type.Array(Type.Object({ id: Type.String(), target: Type.String(), expiresAtMs: Type.Number() })),
});
export type ScanningState = Type.Static<typeof ScanningStateSchema>;
