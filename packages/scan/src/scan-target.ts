// What can be scanned, and how.
import type { AdvisorySource } from '@guardcell/core';
import type { Analyzer, LayerCache, OpenImageOptions } from '@guardcell/image';
import type { MalwareScanner } from '@guardcell/malware';
import type { LicensePolicy } from '@guardcell/report';
import type { SecretSettings } from '@guardcell/secrets';
import type { PackageFilesInput } from '@guardcell/vuln/in-use';
import type { HistorySelection } from './history/scan-history.ts';
import type { ExcludeRule } from './left-out-paths.ts';
import type { ScanPart } from './scan-parts.ts';
import type { Decisions } from './suppress.ts';

export type ScanTarget =
  /** `docker:NAME`, `docker-archive:FILE`, `oci:DIR`, `oci-archive:FILE`, `containerd:NAME` or a registry reference. */
  | {
      readonly kind: 'image';
      readonly reference: string;
      /** Of a registry reference: what its tag pointed to when it was looked up. Tags move. */
      readonly digest?: string;
    }
  | { readonly kind: 'filesystem'; readonly path: string }
  /** A work tree of git, or a bare repository; its `.git` folder is not read as files. */
  | {
      readonly kind: 'repository';
      readonly path: string;
      /** Commits whose contents are looked at for secrets; all when left out. */
      readonly history?: HistorySelection | false;
      /** Only the secrets that the next commit would bring. */
      readonly staged?: boolean;
    }
  | { readonly kind: 'host' }
  /** A running container by the pid of a process in it, as the host numbers it. */
  | { readonly kind: 'container'; readonly name: string; readonly pid: number }
  | { readonly kind: 'sbom'; readonly path: string };

export interface ScanProgress {
  readonly stage: 'layers' | 'files' | 'history' | 'match';
  readonly done: number;
  /** 0 when it is not known. */
  readonly total: number;
}

export interface ScanOptions {
  /** What to report; everything when left out. */
  readonly only?: ReadonlySet<ScanPart>;
  /** Opens the vulnerability database; asked only when vulnerabilities are wanted. */
  readonly advisories?: () => AdvisorySource | Promise<AdvisorySource>;
  /** Layers that were read before; none when left out. */
  readonly cache?: LayerCache;
  /** All that exist, unless a test brings its own. */
  readonly analyzers?: readonly Analyzer[];
  readonly image?: OpenImageOptions;
  /** Paths that are not looked at, of anything but SBOMs; `excludeProblem` finds nothing in them. */
  readonly exclude?: readonly ExcludeRule[];
  /** Do not cross into other file systems; containers never do. */
  readonly oneFileSystem?: boolean;
  /** Ignore rules and VEX statements: what they silence stays in the report, marked. */
  readonly decisions?: Decisions;
  /** Rules and allowances for secrets of the user; the built-in rules when left out. */
  readonly secretSettings?: SecretSettings;
  /** Rules and hashes of the user; asked only when malware is wanted, and closed by who made it. The built-in rules when left out. */
  readonly malware?: () => MalwareScanner | Promise<MalwareScanner>;
  /** Which licences are denied; nothing is when left out. */
  readonly licensePolicy?: LicensePolicy;
  readonly signal?: AbortSignal;
  readonly nowMs?: () => number;
  onProgress?(progress: ScanProgress): void;
  /** Hosts and containers: told which file belongs to which package, for who wants to know what is in use. */
  onOwnership?(files: PackageFilesInput): void;
}
