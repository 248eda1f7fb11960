// What was scanned, as the platform keeps it: images by digest, hosts, running containers; their contents page by page.
import { ARTIFACT_KINDS, EXPOSURES, IN_USE, PACKAGE_TYPES } from '@guardcell/core';
import { Type } from 'typebox';
import { OneOf, Page, SeveritySchema, TimeSchema } from './primitives.ts';
import {
  LicenseFindingSchema,
  MalwareFindingSchema,
  MisconfigurationFindingSchema,
  OsReleaseSchema,
  ScanErrorSchema,
  SecretFindingSchema,
  SoftwarePackageSchema,
  VulnerabilityFindingSchema,
} from './scan-report.ts';

/** Open vulnerabilities by severity: those that nobody silenced. */
export const SeverityCountsSchema = Type.Object({
  critical: Type.Integer(),
  high: Type.Integer(),
  medium: Type.Integer(),
  low: Type.Integer(),
  info: Type.Integer(),
});
export type SeverityCounts = Type.Static<typeof SeverityCountsSchema>;

export const InUseSchema = OneOf(IN_USE, 'What sensors saw of the package, strongest first.');

/** How far a running container can be reached, as its runtime tells. */
export const ExposureSchema = Type.Object({
  level: OneOf(EXPOSURES, 'Who reaches it, most exposed first.'),
  ports: Type.Array(Type.String(), { description: 'Of the container, `80/tcp`, the first eight.' }),
  endpoints: Type.Array(Type.String(), { description: 'Of the host, `0.0.0.0:8080`, the first eight.' }),
  privileged: Type.Boolean(),
});

/** From when to when sensors watched, and how many containers; both times empty when nobody watched. */
export const InUseWindowSchema = Type.Object({
  from: TimeSchema,
  to: TimeSchema,
  containers: Type.Integer(),
});
export type InUseWindow = Type.Static<typeof InUseWindowSchema>;

export const ArtifactSummarySchema = Type.Object({
  id: Type.String({
    description:
      'Of an image its digest, `sha256:…`, as far as known that of the manifest, else of its configuration; `host:<sensor>` of a host.',
  }),
  kind: OneOf(ARTIFACT_KINDS),
  name: Type.String({ description: 'The reference or host name that it was last seen under.' }),
  references: Type.Array(Type.String(), { description: 'All names under which it was seen, newest first.' }),
  registries: Type.Array(Type.String(), { description: 'Names of configured registries that hold it.' }),
  platform: Type.String(),
  os: Type.String({
    description: 'As it calls itself, `Debian GNU/Linux 12 (bookworm)`; empty when unknown.',
  }),
  size: Type.Number({ description: 'Bytes of all layers, uncompressed; 0 where unknown.' }),
  packages: Type.Integer(),
  vulnerabilities: SeverityCountsSchema,
  fixable: Type.Integer({ description: 'Open vulnerabilities with a fixed version.' }),
  exploited: Type.Integer({ description: 'Open vulnerabilities that are known to be exploited (CISA KEV).' }),
  inUse: Type.Integer({ description: 'Open vulnerabilities in packages that were executed or loaded.' }),
  accepted: Type.Integer({ description: 'Vulnerabilities that somebody silenced.' }),
  secrets: Type.Integer(),
  misconfigurations: Type.Integer(),
  malware: Type.Integer(),
  risk: Type.Number({ description: 'The highest score of an open vulnerability, 0–100.' }),
  running: Type.Integer({ description: 'Running containers of this image now.' }),
  scannedAt: TimeSchema,
  /** When its packages were last held against the vulnerability database. */
  matchedAt: TimeSchema,
  errors: Type.Integer({ description: 'Parts that could not be looked at.' }),
});
export type ArtifactSummary = Type.Static<typeof ArtifactSummarySchema>;
export const ArtifactPageSchema = Page(ArtifactSummarySchema);

export const ARTIFACT_SORTS = ['risk', 'name', 'scanned'] as const;
export const ArtifactFilterSchema = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or digest.' })),
  kind: Type.Optional(Type.Array(OneOf(ARTIFACT_KINDS))),
  registry: Type.Optional(Type.String({ maxLength: 100 })),
  running: Type.Optional(Type.Boolean({ description: 'Only what runs now.' })),
  sort: Type.Optional(OneOf(ARTIFACT_SORTS, 'Default: risk.')),
});
export type ArtifactFilter = Type.Static<typeof ArtifactFilterSchema>;

export const ArtifactLayerSchema = Type.Object({
  diffId: Type.String(),
  /** The step of the build, from the image's history; empty when unknown. */
  createdBy: Type.String(),
  packages: Type.Integer({ description: 'Packages first found in this layer.' }),
  vulnerabilities: SeverityCountsSchema,
});

export const ArtifactContainerSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  hostname: Type.String(),
  namespace: Type.String(),
  pod: Type.String(),
  image: Type.String({ description: 'As the container names it.' }),
  exposure: ExposureSchema,
});

export const ArtifactSchema = Type.Object({
  summary: ArtifactSummarySchema,
  osRelease: Type.Optional(OsReleaseSchema),
  layers: Type.Array(ArtifactLayerSchema),
  containers: Type.Array(ArtifactContainerSchema, { description: 'Running now, at most 500.' }),
  packageTypes: Type.Array(Type.Object({ type: OneOf(PACKAGE_TYPES), count: Type.Integer() })),
  inUseWindow: InUseWindowSchema,
  errors: Type.Array(ScanErrorSchema),
  databaseRevision: Type.String({ description: 'Of the vulnerability database it was last held against.' }),
});
export type Artifact = Type.Static<typeof ArtifactSchema>;

/** A package with what it brings in. */
export const ArtifactPackageSchema = Type.Object({
  package: SoftwarePackageSchema,
  inUse: InUseSchema,
  vulnerabilities: SeverityCountsSchema,
});
export type ArtifactPackage = Type.Static<typeof ArtifactPackageSchema>;
export const ArtifactPackagePageSchema = Page(ArtifactPackageSchema);

/** One vulnerability in one package of one artifact. */
export const ArtifactVulnerabilitySchema = Type.Object({
  ...VulnerabilityFindingSchema.properties,
  /** When this platform first saw it in this artifact. */
  firstSeenAt: TimeSchema,
  layer: Type.String({ description: 'diffID of the layer that brought the package; empty where unknown.' }),
  path: Type.String({ description: 'Where the package was found.' }),
  acceptance: Type.String({ description: 'Id of the risk acceptance that silences it; empty when none.' }),
});
export type ArtifactVulnerability = Type.Static<typeof ArtifactVulnerabilitySchema>;
export const ArtifactVulnerabilityPageSchema = Page(ArtifactVulnerabilitySchema);

/** Languages that findings can be read in; they are kept in English. */
export const REPORT_LANGUAGES = ['en', 'zh-CN'] as const;
export type ReportLanguageTag = (typeof REPORT_LANGUAGES)[number];

/** The other findings of an artifact; few enough to come whole, at most 5 000 of each. */
export const ArtifactFindingsSchema = Type.Object({
  secrets: Type.Array(SecretFindingSchema),
  misconfigurations: Type.Array(MisconfigurationFindingSchema),
  malware: Type.Array(MalwareFindingSchema),
  licenses: Type.Array(LicenseFindingSchema),
  /** How many more there are than what is listed. */
  cut: Type.Integer(),
});
export type ArtifactFindings = Type.Static<typeof ArtifactFindingsSchema>;

export const FixStepSchema = Type.Object({
  /** `npm install lodash@4.17.21`, `apt-get install openssl=…`, `FROM debian:12` … in words of people. */
  action: Type.String(),
  package: Type.String({ description: 'purl of the package that is replaced; empty for a base image.' }),
  packageName: Type.String(),
  from: Type.String(),
  to: Type.String({ description: 'The version that closes all; a new base image where the layers say so.' }),
  closes: SeverityCountsSchema,
  vulnerabilities: Type.Array(Type.String(), { maxItems: 200 }),
  artifacts: Type.Integer({ description: 'Artifacts in which the step helps.' }),
});
export type FixStep = Type.Static<typeof FixStepSchema>;
/** Steps that close most risk first. */
export const FixPlanSchema = Type.Object({ items: Type.Array(FixStepSchema, { maxItems: 500 }) });
export type FixPlan = Type.Static<typeof FixPlanSchema>;

const PackageChange = Type.Object({
  name: Type.String(),
  type: OneOf(PACKAGE_TYPES),
  from: Type.String({ description: 'Empty when it is new.' }),
  to: Type.String({ description: 'Empty when it is gone.' }),
});
const FindingChange = Type.Object({
  id: Type.String(),
  packageName: Type.String(),
  installed: Type.String(),
  fixed: Type.String(),
  severity: SeveritySchema,
  score: Type.Number(),
});
/** What changes from `from` to `to`. Each list holds at most 2 000; the counts are whole. */
export const ComparisonSchema = Type.Object({
  from: ArtifactSummarySchema,
  to: ArtifactSummarySchema,
  packages: Type.Array(PackageChange),
  added: Type.Array(FindingChange, { description: 'Vulnerabilities only in `to`.' }),
  removed: Type.Array(FindingChange, { description: 'Vulnerabilities only in `from`.' }),
  counts: Type.Object({
    packages: Type.Integer(),
    added: SeverityCountsSchema,
    removed: SeverityCountsSchema,
    unchanged: SeverityCountsSchema,
  }),
});
export type Comparison = Type.Static<typeof ComparisonSchema>;
