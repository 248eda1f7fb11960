// The pieces of work that are done outside the server's own process, with what goes in and what comes out.
import type {
  ArtifactFindings,
  InUseUpload,
  RegistryCheck,
  ReportLanguageTag,
  ScanUpload,
} from '@guardcell/contract';
import type {
  InUse,
  ScanError,
  ScanReport,
  VulnerabilityFacts,
  VulnerabilityFinding,
  WorkloadExposure,
} from '@guardcell/core';

/** Where the vulnerability database is. */
export interface DatabasePlaces {
  readonly dataDir: string;
  /** Packed database that ships with the project; empty: none. */
  readonly snapshot: string;
  /** PEM of keys that must have signed a fetched database; none: any database is taken. */
  readonly trustedKeys: readonly string[];
}

export interface DatabaseFacts {
  readonly revision: string;
  readonly builtAt: string;
  readonly origin: 'shipped' | 'updated';
  readonly sizeBytes: number;
  readonly vulnerabilities: number;
  readonly feeds: readonly {
    readonly name: string;
    readonly dataDate: string;
    readonly records: number;
    readonly problem: string;
  }[];
}

/** A registry as it is spoken to. */
export interface RegistryAccess {
  /** `host` or `host:port`. */
  readonly host: string;
  readonly plainHttp: boolean;
  readonly username: string;
  readonly password: string;
  readonly ca: string;
}

export interface RegistrySelectionInput {
  /** Beginning of repositories; empty: none. */
  readonly prefix: string;
  readonly repositories: readonly string[];
  readonly exclude: readonly string[];
  readonly tags: readonly string[];
  readonly newestTags: number;
}

export interface RegistryWork {
  readonly access: RegistryAccess;
  readonly selection: RegistrySelectionInput;
  /** Where layers that were read are kept. */
  readonly cacheDir: string;
}

export interface ListedImage {
  readonly reference: string;
  /** What the tag points to: a manifest, or an index of several platforms. */
  readonly digest: string;
  readonly tags: readonly string[];
}

export type RegistryAsk =
  | { readonly kind: 'known'; readonly image: ListedImage }
  | { readonly kind: 'scanned'; readonly image: ListedImage; readonly report: ScanReport }
  | { readonly kind: 'skipped'; readonly image: ListedImage }
  | { readonly kind: 'failed'; readonly reference: string; readonly problem: ScanError }
  | { readonly kind: 'progress'; readonly images: number; readonly done: number };

export interface MatchWork {
  readonly places: DatabasePlaces;
  /** ISO time. */
  readonly today: string;
  readonly report: Pick<ScanReport, 'artifact' | 'packages'>;
  readonly inUse: ReadonlyMap<string, InUse> | undefined;
  readonly exposure: WorkloadExposure;
}

export interface HelperWork {
  readonly scanRegistry: {
    readonly input: RegistryWork;
    readonly ask: RegistryAsk;
    readonly answer: boolean;
    readonly output: undefined;
  };
  readonly checkRegistry: {
    readonly input: Pick<RegistryWork, 'access' | 'selection'>;
    readonly ask: never;
    readonly answer: never;
    readonly output: RegistryCheck;
  };
  readonly databaseFacts: {
    readonly input: DatabasePlaces;
    readonly ask: never;
    readonly answer: never;
    readonly output: DatabaseFacts;
  };
  readonly vulnerabilityFacts: {
    readonly input: { readonly places: DatabasePlaces; readonly id: string };
    readonly ask: never;
    readonly answer: never;
    readonly output: VulnerabilityFacts | undefined;
  };
  readonly match: {
    readonly input: MatchWork;
    readonly ask: never;
    readonly answer: never;
    readonly output: {
      readonly revision: string;
      readonly findings: readonly VulnerabilityFinding[];
      readonly warnings: readonly ScanError[];
    };
  };
  readonly readUpload: {
    readonly input: { readonly what: 'scan' | 'in-use'; readonly bytes: Uint8Array; readonly gzip: boolean };
    readonly ask: never;
    readonly answer: never;
    readonly output: ScanUpload | InUseUpload;
  };
  readonly writeReport: {
    readonly input: {
      readonly report: ScanReport;
      readonly format: string;
      readonly version: string;
      readonly language: ReportLanguageTag;
    };
    /** A piece of the file. */
    readonly ask: string;
    readonly answer: boolean;
    readonly output: undefined;
  };
  readonly localizeFindings: {
    readonly input: { readonly findings: ArtifactFindings; readonly language: ReportLanguageTag };
    readonly ask: never;
    readonly answer: never;
    readonly output: ArtifactFindings;
  };
  readonly updateDatabase: {
    readonly input: {
      /** The file that is replaced. */
      readonly target: string;
      readonly mirrors: readonly string[];
      readonly trustedKeys: readonly string[];
      /** Addresses in place of the public ones, `NAME=URL`; for tests and closed networks. */
      readonly feedUrls: readonly string[];
    };
    readonly ask: string;
    readonly answer: boolean;
    readonly output: { readonly detail: string };
  };
}

export type WorkName = keyof HelperWork;
