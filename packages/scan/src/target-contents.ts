// What was read of a target, before anything is judged.
import type {
  MalwareFinding,
  MisconfigurationFinding,
  ScanArtifact,
  ScanError,
  SecretFinding,
  SoftwarePackage,
} from '@guardcell/core';
import type { ReadContents } from '@guardcell/image';
import type { ScanOptions } from './scan-target.ts';

export interface TargetContents {
  readonly artifact: ScanArtifact;
  readonly packages: readonly SoftwarePackage[];
  readonly secrets: readonly SecretFinding[];
  readonly misconfigurations: readonly MisconfigurationFinding[];
  readonly malware: readonly MalwareFinding[];
  readonly errors: readonly ScanError[];
}

export function artifactOf(
  who: Pick<ScanArtifact, 'kind' | 'name'>,
  contents: ReadContents,
  rest: Pick<ScanArtifact, 'digest' | 'imageId' | 'platform' | 'layers'>,
): ScanArtifact {
  return { ...who, ...rest, size: contents.bytes, ...(contents.os === undefined ? {} : { os: contents.os }) };
}

export function signalOf({ signal }: ScanOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
