// Schema of a scan report as `guardcell scan -o json` writes it, version 1, and of its parts. docs/reference/scan-report.schema.json is made of it.
import { ARTIFACT_KINDS, IN_USE, PACKAGE_TYPES, VULNERABILITY_STATUSES } from '@guardcell/core';
import { Type } from 'typebox';
import { OneOf, SeveritySchema } from './primitives.ts';

const Text = (description: string) => Type.String({ description });
const LayerSchema = Type.Optional(Text('diffID of the layer, `sha256:…`.'));

const SuppressedSchema = Type.Optional(
  Type.Object(
    {
      by: Text('The ignore rule or VEX document.'),
      reason: Type.String(),
      until: Type.Optional(Text('Day on which it ends.')),
    },
    { description: 'Set when somebody silenced the finding; it does not count for exit codes.' },
  ),
);

export const OsReleaseSchema = Type.Object({
  id: Type.String(),
  idLike: Type.Array(Type.String()),
  versionId: Type.String(),
  codename: Type.String(),
  prettyName: Type.String(),
});

export const ScanArtifactSchema = Type.Object({
  kind: OneOf(ARTIFACT_KINDS, 'What was scanned.'),
  name: Text('As the user wrote it.'),
  digest: Text('Of the image manifest; empty where there is none.'),
  imageId: Type.Optional(Text("Digest of the image's configuration; left out where it is unknown.")),
  platform: Text('`linux/amd64`; empty where it does not matter.'),
  os: Type.Optional(OsReleaseSchema),
  layers: Type.Array(Type.String(), { description: 'diffIDs, lowest first.' }),
  steps: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'The step of the build that made each of `layers`, secrets masked; left out where the history is unknown.',
    }),
  ),
  size: Type.Number({ minimum: 0, description: 'Bytes of all layers, uncompressed; 0 where unknown.' }),
});

export const SoftwarePackageSchema = Type.Object({
  name: Text('As the ecosystem writes it.'),
  version: Text('Full version, epoch and release included.'),
  type: OneOf(PACKAGE_TYPES, 'Type of the package URL.'),
  purl: Text('Package URL.'),
  arch: Type.Optional(Type.String()),
  source: Type.Union([Type.Object({ name: Type.String(), version: Type.String() }), Type.Null()], {
    description: 'Source package of the distribution; null where there is none.',
  }),
  locations: Type.Array(Type.Object({ path: Type.String(), layer: LayerSchema })),
  licenses: Type.Array(Type.String()),
  thirdParty: Type.Optional(Text('Repository, where that is not the distribution itself.')),
  ownedBy: Type.Optional(Text('purl of the system package that owns the file.')),
  dev: Type.Optional(Type.Boolean()),
  direct: Type.Optional(Type.Boolean()),
  inert: Type.Optional(Type.Boolean()),
  symbols: Type.Optional(Type.Array(Type.String())),
});

export const VulnerabilityFindingSchema = Type.Object({
  id: Type.String(),
  aliases: Type.Array(Type.String()),
  package: Text('purl of the package.'),
  packageName: Type.String(),
  installed: Type.String(),
  fixed: Text('First version that is not affected; empty when there is none.'),
  severity: SeveritySchema,
  cvss: Type.Number({ minimum: 0, maximum: 10, description: 'Base score; 0 when unknown.' }),
  score: Type.Number({ minimum: 0, maximum: 100, description: 'Risk; `factors` say how it came about.' }),
  factors: Type.Array(
    Type.Object({
      name: OneOf(
        ['cvss', 'epss', 'kev', 'ransomware', 'ssvc', 'exposure', 'privileged', 'in-use', 'fix'],
        'Factor.',
      ),
      value: Type.String(),
      effect: Type.Number(),
    }),
  ),
  status: OneOf(VULNERABILITY_STATUSES, 'In the words of the feed that judged.'),
  inUse: OneOf(IN_USE, 'What a sensor saw of the package.'),
  summary: Type.String(),
  references: Type.Array(Type.String()),
  explain: Type.Object({
    feed: Type.String(),
    advisory: Type.String(),
    ecosystem: Type.String(),
    matchedName: Type.String(),
    range: Type.String(),
    comparison: Type.String(),
  }),
  suppressed: SuppressedSchema,
});

export const SecretFindingSchema = Type.Object({
  rule: Type.String(),
  title: Type.String(),
  severity: SeveritySchema,
  path: Type.String(),
  line: Type.Integer({ minimum: 0 }),
  layer: LayerSchema,
  commit: Type.Optional(Text('First commit that held it, when found in history.')),
  commitDate: Type.Optional(Text('When that commit was written, RFC 3339.')),
  removed: Type.Optional(
    Type.Boolean({ description: 'It is in history, or in a lower layer of the image, alone.' }),
  ),
  excerpt: Text('The line with the secret masked.'),
  suppressed: SuppressedSchema,
});

export const MisconfigurationFindingSchema = Type.Object({
  check: Type.String(),
  title: Type.String(),
  severity: SeveritySchema,
  path: Text('File, or part of the settings of an image: `config:User`, `history:3`.'),
  layer: LayerSchema,
  startLine: Type.Integer({ minimum: 0 }),
  endLine: Type.Integer({ minimum: 0 }),
  message: Type.String(),
  fix: Type.String(),
  suppressed: SuppressedSchema,
});

export const MalwareFindingSchema = Type.Object({
  rule: Type.String(),
  title: Type.Optional(Text('What it is, for people.')),
  severity: SeveritySchema,
  path: Type.String(),
  layer: LayerSchema,
  sha256: Type.String(),
  suppressed: SuppressedSchema,
});

export const LicenseFindingSchema = Type.Object({
  expression: Type.String(),
  package: Type.String(),
  category: OneOf(
    ['permissive', 'weak-copyleft', 'copyleft', 'network-copyleft', 'proprietary', 'unknown'],
    'What the licence asks for.',
  ),
  verdict: OneOf(['allowed', 'denied', 'review'], 'What the policy says.'),
  suppressed: SuppressedSchema,
});

export const ScanErrorSchema = Type.Object({
  code: Type.String({ pattern: '^GC_[A-Z0-9_]+$' }),
  message: Type.String(),
  at: Type.String(),
  hint: Type.String(),
  level: Type.Optional(
    Type.Literal('note', { description: 'Worth knowing; everything that was asked for was looked at.' }),
  ),
});

/** A whole report; unknown members are allowed, newer programs may add some. */
export const ScanReportSchema = Type.Object({
  schemaVersion: Type.Literal(1),
  createdAt: Text('ISO 8601, UTC.'),
  artifact: ScanArtifactSchema,
  packages: Type.Array(SoftwarePackageSchema),
  vulnerabilities: Type.Array(VulnerabilityFindingSchema),
  secrets: Type.Array(SecretFindingSchema),
  misconfigurations: Type.Array(MisconfigurationFindingSchema),
  malware: Type.Array(MalwareFindingSchema),
  licenses: Type.Array(LicenseFindingSchema),
  errors: Type.Array(ScanErrorSchema),
});

/** The schema as a document of its own. */
export function scanReportSchemaDocument(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Guardcell scan report',
    description:
      'What `guardcell scan -o json` writes. `schemaVersion` grows when older readers could misread it.',
    ...(JSON.parse(JSON.stringify(ScanReportSchema)) as Record<string, unknown>),
  };
}
