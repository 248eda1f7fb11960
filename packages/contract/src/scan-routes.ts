// Routes of scanning: what was scanned, vulnerabilities, registries, jobs, accepted risks, the vulnerability database.
import { Type } from 'typebox';
import { CURSOR, get, IF_MATCH, LIMIT, type Route } from './route.ts';
import * as artifact from './schemas/artifact.ts';
import { OneOf } from './schemas/primitives.ts';
import * as registry from './schemas/registry.ts';
import * as acceptance from './schemas/risk-acceptance.ts';
import * as vulnerability from './schemas/vulnerability.ts';

/** Ids, names and places are the same in all of them. */
const language = Type.Optional(
  OneOf(
    artifact.REPORT_LANGUAGES,
    'Language of titles, messages and fixes. Default: that of Accept-Language.',
  ),
);
const Paging = { limit: LIMIT, cursor: CURSOR };
const filter = vulnerability.VulnerabilityFilterSchema.properties;
const sort = Type.Optional(OneOf(vulnerability.VULNERABILITY_SORTS, 'Default: risk.'));
const { artifact: _one, ...ofArtifact } = filter;
/** Ids of artifacts have a colon, `sha256:…`, and stand in the path as they are or percent-encoded. */
const ARTIFACT = '/api/v1/artifacts/{id}';

export const SCAN_ROUTES = {
  listArtifacts: get(
    '/api/v1/artifacts',
    'Images, hosts and containers that were scanned.',
    artifact.ArtifactPageSchema,
    Type.Object({ ...artifact.ArtifactFilterSchema.properties, ...Paging }),
  ),
  getArtifact: get(ARTIFACT, 'One artifact: by id, digest or image id.', artifact.ArtifactSchema),
  deleteArtifact: {
    method: 'DELETE',
    path: ARTIFACT,
    summary: 'Forget an artifact; it comes back when it is scanned again.',
    access: 'admin',
    status: 204,
  },
  listArtifactPackages: get(
    `${ARTIFACT}/packages`,
    'Its packages.',
    artifact.ArtifactPackagePageSchema,
    Type.Object({
      q: Type.Optional(Type.String({ maxLength: 200 })),
      type: filter.type,
      inUse: filter.inUse,
      vulnerable: Type.Optional(Type.Boolean()),
      ...Paging,
    }),
  ),
  listArtifactVulnerabilities: get(
    `${ARTIFACT}/vulnerabilities`,
    'Its vulnerabilities with their explanations.',
    artifact.ArtifactVulnerabilityPageSchema,
    Type.Object({
      ...ofArtifact,
      layer: Type.Optional(Type.String({ maxLength: 200, description: 'Only of packages of this layer.' })),
      sort,
      ...Paging,
    }),
  ),
  getArtifactFindings: get(
    `${ARTIFACT}/findings`,
    'Its secrets, misconfigurations, malware and licences.',
    artifact.ArtifactFindingsSchema,
    Type.Object({ language }),
  ),
  getArtifactFixPlan: get(`${ARTIFACT}/fix-plan`, 'What closes most, first.', artifact.FixPlanSchema),
  getArtifactReport: {
    ...get(
      `${ARTIFACT}/report`,
      'The whole report, or an SBOM, as a file.',
      Type.Unknown(),
      Type.Object({
        format: Type.Optional(
          OneOf(
            [
              'json',
              'html',
              'sarif',
              'cyclonedx',
              'cyclonedx-xml',
              'spdx-json',
              'spdx',
              'csv',
              'openvex',
              'openvex-draft',
            ],
            'Default: json. `openvex`: approved statements; `openvex-draft`: proposals from what is in use.',
          ),
        ),
        language,
      }),
    ),
    produces: 'application/octet-stream',
  },
  compareArtifacts: get(
    `${ARTIFACT}/comparison`,
    'What changes from this artifact to another.',
    artifact.ComparisonSchema,
    Type.Object({ to: Type.String({ minLength: 1, maxLength: 200 }) }),
  ),
  scanArtifact: {
    method: 'POST',
    path: `${ARTIFACT}/scan`,
    summary: 'Look at it again: from its registry, or by the agent of its host.',
    access: 'responder',
    status: 202,
    response: registry.ScanJobSchema,
  },
  listVulnerabilities: get(
    '/api/v1/vulnerabilities',
    'Vulnerabilities over everything, one entry a CVE.',
    vulnerability.VulnerabilityPageSchema,
    Type.Object({ ...filter, sort, ...Paging }),
  ),
  vulnerabilityFacets: get(
    '/api/v1/vulnerabilities/facets',
    'How many findings each value has.',
    vulnerability.VulnerabilityFacetsSchema,
    Type.Object(filter),
  ),
  listVulnerablePackages: get(
    '/api/v1/vulnerabilities/packages',
    'Packages with vulnerabilities, over everything.',
    vulnerability.VulnerablePackagePageSchema,
    Type.Object({ ...filter, ...Paging }),
  ),
  listVulnerableArtifacts: get(
    '/api/v1/vulnerabilities/artifacts',
    'Artifacts with vulnerabilities; their counts are of what passes the filter.',
    artifact.ArtifactPageSchema,
    Type.Object({ ...filter, ...Paging }),
  ),
  listVulnerableWorkloads: get(
    '/api/v1/vulnerabilities/workloads',
    'Running containers with the vulnerabilities of what they run.',
    vulnerability.VulnerableWorkloadPageSchema,
    Type.Object({ ...filter, ...Paging }),
  ),
  getFixPlan: get(
    '/api/v1/vulnerabilities/fix-plan',
    'What closes most over everything, first.',
    artifact.FixPlanSchema,
    Type.Object(filter),
  ),
  getVulnerability: get(
    '/api/v1/vulnerabilities/{id}',
    'Facts of one vulnerability.',
    vulnerability.VulnerabilityFactsSchema,
  ),
  listOccurrences: get(
    '/api/v1/vulnerabilities/{id}/occurrences',
    'Where it was found.',
    vulnerability.VulnerabilityOccurrencePageSchema,
    Type.Object({ accepted: filter.accepted, running: filter.running, ...Paging }),
  ),
  vulnerabilityData: get(
    '/api/v1/vulnerability-data',
    'Age and content of the vulnerability database, and the last matching.',
    vulnerability.VulnerabilityDataSchema,
  ),
  updateVulnerabilityData: {
    method: 'POST',
    path: '/api/v1/vulnerability-data/update',
    summary: 'Fetch the vulnerability database now.',
    access: 'admin',
    status: 202,
    response: vulnerability.VulnerabilityDataSchema,
  },
  listRegistries: get('/api/v1/registries', 'Registries that are scanned.', registry.RegistryListSchema),
  getRegistry: get('/api/v1/registries/{name}', 'One registry.', registry.RegistrySchema),
  putRegistry: {
    method: 'PUT',
    path: '/api/v1/registries/{name}',
    summary: 'Create or replace a registry.',
    access: 'admin',
    headers: { 'If-Match': IF_MATCH },
    status: 200,
    body: registry.RegistryInputSchema,
    response: registry.RegistrySchema,
  },
  deleteRegistry: {
    method: 'DELETE',
    path: '/api/v1/registries/{name}',
    summary: 'Delete a registry; what was scanned stays.',
    access: 'admin',
    status: 204,
  },
  checkRegistry: {
    method: 'POST',
    path: '/api/v1/registries/{name}/check',
    summary: 'Try a registry as it would be saved; nothing is saved.',
    access: 'admin',
    readOnly: true,
    status: 200,
    body: registry.RegistryInputSchema,
    response: registry.RegistryCheckSchema,
  },
  scanRegistry: {
    method: 'POST',
    path: '/api/v1/registries/{name}/scan',
    summary: 'Scan a registry now; the job that is under way, if one is.',
    access: 'responder',
    status: 202,
    query: Type.Object({
      all: Type.Optional(Type.Boolean({ description: 'Also what is known by its digest.' })),
    }),
    response: registry.ScanJobSchema,
  },
  listScanJobs: get(
    '/api/v1/scan-jobs',
    'Scan jobs, newest first.',
    registry.ScanJobPageSchema,
    Type.Object({
      kind: Type.Optional(Type.Array(Type.String())),
      state: Type.Optional(Type.Array(OneOf(registry.JOB_STATES))),
      target: Type.Optional(Type.String({ maxLength: 200 })),
      ...Paging,
    }),
  ),
  getScanJob: get('/api/v1/scan-jobs/{id}', 'One scan job with its progress.', registry.ScanJobSchema),
  cancelScanJob: {
    method: 'POST',
    path: '/api/v1/scan-jobs/{id}/cancel',
    summary: 'End a scan job; what it found stays.',
    access: 'responder',
    status: 200,
    response: registry.ScanJobSchema,
  },
  listAcceptances: get(
    '/api/v1/risk-acceptances',
    'Accepted risks and requests, newest first.',
    acceptance.AcceptancePageSchema,
    Type.Object({
      state: Type.Optional(Type.Array(OneOf(acceptance.ACCEPTANCE_STATES))),
      vulnerability: Type.Optional(Type.String({ maxLength: 100 })),
      ...Paging,
    }),
  ),
  getAcceptance: get('/api/v1/risk-acceptances/{id}', 'One of them.', acceptance.AcceptanceSchema),
  previewAcceptance: {
    method: 'POST',
    path: '/api/v1/risk-acceptances/preview',
    summary: 'What a scope would silence.',
    access: 'viewer',
    readOnly: true,
    status: 200,
    body: acceptance.AcceptanceScopeSchema,
    response: acceptance.AcceptancePreviewSchema,
  },
  requestAcceptance: {
    method: 'POST',
    path: '/api/v1/risk-acceptances',
    summary: 'Ask for a risk to be accepted.',
    access: 'responder',
    status: 201,
    body: acceptance.AcceptanceInputSchema,
    response: acceptance.AcceptanceSchema,
  },
  approveAcceptance: {
    method: 'POST',
    path: '/api/v1/risk-acceptances/{id}/approve',
    summary: 'Approve a request; nobody approves their own while there is another administrator.',
    access: 'admin',
    status: 200,
    body: acceptance.AcceptanceDecisionSchema,
    response: acceptance.AcceptanceSchema,
  },
  rejectAcceptance: {
    method: 'POST',
    path: '/api/v1/risk-acceptances/{id}/reject',
    summary: 'Reject a request.',
    access: 'admin',
    status: 200,
    body: acceptance.AcceptanceDecisionSchema,
    response: acceptance.AcceptanceSchema,
  },
  revokeAcceptance: {
    method: 'POST',
    path: '/api/v1/risk-acceptances/{id}/revoke',
    summary: 'End an accepted risk before its time; who asked may take back a request.',
    access: 'responder',
    status: 200,
    body: acceptance.AcceptanceDecisionSchema,
    response: acceptance.AcceptanceSchema,
  },
} as const satisfies Readonly<Record<string, Route>>;
