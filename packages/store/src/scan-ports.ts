// What the platform needs of the store of scans: artifacts by digest, their packages and findings, what is in use.
import type {
  AcceptanceScope,
  Artifact,
  ArtifactFilter,
  ArtifactFindings,
  ArtifactPackage,
  ArtifactSummary,
  ArtifactVulnerability,
  Comparison,
  FixPlan,
  InUseWindow,
  VULNERABILITY_SORTS,
  VulnerabilityFacets,
  VulnerabilityFilter,
  VulnerabilityGroup,
  VulnerabilityOccurrence,
  VulnerablePackage,
  VulnerableWorkload,
} from '@guardcell/contract';
import type {
  InUse,
  PackageType,
  ScanError,
  ScanReport,
  VulnerabilityFinding,
  WorkloadExposure,
} from '@guardcell/core';

/** What the platform knows a thing by; the first non-empty of `digest`, `imageId` is the id of an image. */
export interface ArtifactNames {
  /** `host:<sensor>` of a host; empty for images, whose digests say who they are. */
  readonly id: string;
  readonly manifestDigest: string;
  readonly imageId: string;
  /** `registry/repository:tag`, or the host's name. */
  readonly reference: string;
  /** Name of a configured registry; empty when it was seen elsewhere. */
  readonly registry: string;
}

/** Running containers, as the fleet knows them; replaces what was known of the sensor. */
export interface RunningContainer {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly namespace: string;
  readonly pod: string;
  readonly image: string;
  readonly manifestDigest: string;
  readonly imageId: string;
  readonly exposure: WorkloadExposure;
}

/** Evidence of one container, or of a host (`container` is `host`). */
export interface InUseEvidence {
  readonly sensor: string;
  readonly container: string;
  readonly manifestDigest: string;
  readonly imageId: string;
  readonly from: string;
  readonly to: string;
  readonly lost: number;
  readonly packages: readonly {
    readonly purl: string;
    readonly grade: InUse;
    readonly lastAt: string;
    readonly example: string;
  }[];
}

/** What the matcher needs of one artifact. */
export interface MatchInput {
  readonly id: string;
  readonly report: Pick<ScanReport, 'artifact' | 'packages'>;
  /** Grade by purl over all containers; a package that is not named was not touched. Undefined: nobody watched. */
  readonly inUse: ReadonlyMap<string, InUse> | undefined;
  readonly window: InUseWindow;
  /** Of all containers that run it now. */
  readonly exposure: WorkloadExposure;
  /** Grows with every scan and every piece of evidence; `putMatches` with an older one is refused. */
  readonly revision: number;
}

export interface MatchOutcome {
  /** False when the artifact is gone or was scanned again meanwhile: match again. */
  readonly taken: boolean;
  /** Findings (vulnerability and purl) that the artifact did not have before, not counting its first matching. */
  readonly added: readonly VulnerabilityFinding[];
  readonly first: boolean;
}

/** An approved acceptance; what its scope covers is silenced until then. */
export interface ApprovedAcceptance {
  readonly id: string;
  readonly scope: AcceptanceScope;
  readonly kind: 'accept-risk' | 'not-affected';
  readonly reason: string;
  readonly until: string;
}

export interface ScanPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | undefined;
}
export type VulnerabilitySort = (typeof VULNERABILITY_SORTS)[number];

export interface PackageFilter {
  readonly q?: string;
  readonly type?: readonly PackageType[];
  readonly inUse?: readonly InUse[];
  readonly vulnerable?: boolean;
}

/**
 * One SQLite file, written by one thread, read by another; nothing runs on the main loop.
 * Every method may throw CodedError GC_STORE_IO, GC_STORE_FULL, GC_STORE_CLOSED; pages GC_BAD_CURSOR.
 */
export interface ScanStore {
  /** Replaces the last scan of the artifact; earlier matches stay until it is matched again. Returns its id. */
  putScan(names: ArtifactNames, report: ScanReport, atMs: number): Promise<string>;
  /** Which of these digests (of manifests or configurations) were scanned, so that they need not be again. */
  known(digests: readonly string[]): Promise<ReadonlySet<string>>;
  /** The artifact was seen under this name again: adds the reference and registry. False: it is not known. */
  touch(names: ArtifactNames, atMs: number): Promise<boolean>;
  /** Ids that were not yet held against this revision of the database, or whose scan or use changed; running ones first. */
  unmatched(databaseRevision: string, limit: number): Promise<readonly string[]>;
  matchInput(id: string): Promise<MatchInput | undefined>;
  putMatches(
    /** With the exposure that was counted; unknown without. */
    input: Pick<MatchInput, 'id' | 'revision'> & Partial<Pick<MatchInput, 'exposure'>>,
    findings: readonly VulnerabilityFinding[],
    databaseRevision: string,
    atMs: number,
    /** What the matcher could not judge: shown with the errors of the scan. */
    warnings?: readonly ScanError[],
  ): Promise<MatchOutcome>;
  /** Grades only grow within a window; returns ids of artifacts whose grades changed, to be matched again. */
  putInUse(evidence: readonly InUseEvidence[]): Promise<readonly string[]>;
  setRunning(sensor: string, containers: readonly RunningContainer[]): Promise<void>;
  /** Artifacts whose containers can be reached otherwise than their findings say; `isLess`: by fewer. */
  exposureChanges(): Promise<readonly { readonly id: string; readonly isLess: boolean }[]>;
  /** All that are approved; takes the place of those before. One that ends stops to silence by itself. */
  setAcceptances(acceptances: readonly ApprovedAcceptance[]): Promise<void>;
  /** What a scope would silence, including what others silence already. */
  preview(scope: AcceptanceScope): Promise<{ findings: number; artifacts: number; running: number }>;
  remove(id: string): Promise<boolean>;
  /** Forgets artifacts that do not run and were not seen since, hosts too; returns how many. */
  dropBefore(beforeMs: number): Promise<number>;
  /** Removes what nothing refers to any more and gives the space back to the disk; for quiet times, it takes seconds. */
  compact(): Promise<void>;

  artifacts(filter: ArtifactFilter, limit: number, cursor?: string): Promise<ScanPage<ArtifactSummary>>;
  /** By id, alias digest or unambiguous reference. */
  artifact(id: string): Promise<Artifact | undefined>;
  packages(
    id: string,
    filter: PackageFilter,
    limit: number,
    cursor?: string,
  ): Promise<ScanPage<ArtifactPackage>>;
  artifactVulnerabilities(
    id: string,
    filter: VulnerabilityFilter & { readonly layer?: string; readonly sort?: VulnerabilitySort },
    limit: number,
    cursor?: string,
  ): Promise<ScanPage<ArtifactVulnerability>>;
  findings(id: string): Promise<ArtifactFindings | undefined>;
  /** The whole report with its matches and what silences them, for downloads. */
  report(id: string): Promise<ScanReport | undefined>;
  compare(from: string, to: string): Promise<Comparison | undefined>;
  fixPlan(filter: VulnerabilityFilter): Promise<FixPlan>;

  vulnerabilities(
    filter: VulnerabilityFilter,
    sort: VulnerabilitySort,
    limit: number,
    cursor?: string,
  ): Promise<ScanPage<VulnerabilityGroup>>;
  vulnerablePackages(
    filter: VulnerabilityFilter,
    limit: number,
    cursor?: string,
  ): Promise<ScanPage<VulnerablePackage>>;
  /** Counts of the summaries are of the findings that match. */
  vulnerableArtifacts(
    filter: VulnerabilityFilter,
    limit: number,
    cursor?: string,
  ): Promise<ScanPage<ArtifactSummary>>;
  /** Counts are of the findings that match. Containers whose image is not scanned come when nothing narrows findings. */
  vulnerableWorkloads(
    filter: VulnerabilityFilter,
    limit: number,
    cursor?: string,
  ): Promise<ScanPage<VulnerableWorkload>>;
  facets(filter: VulnerabilityFilter): Promise<VulnerabilityFacets>;
  occurrences(
    vulnerability: string,
    filter: Pick<VulnerabilityFilter, 'accepted' | 'running'>,
    limit: number,
    cursor?: string,
  ): Promise<ScanPage<VulnerabilityOccurrence>>;
  counts(): Promise<{ artifacts: number; findings: number; sizeBytes: number }>;
  close(): Promise<void>;
}
