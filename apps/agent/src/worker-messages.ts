// What the agent's main thread and its sensor worker say to each other.
import type { TrialAnswer } from '@guardcell/contract';
import type { Alert, Container, CoverageGap, RulesReport, SensorReport } from '@guardcell/core';
import type { TouchedInContainer } from './scanning/touched-files.ts';

/** An alert before the spool gives it its place (and so its id) in the stream. */
export type AlertDraft = Omit<Alert, 'id'>;

export interface KeyedDraft {
  readonly alert: AlertDraft;
  /** The same when the same event is judged again after a crash. */
  readonly key: bigint;
}

export type ToWorker =
  /** `bytes`: serialized `PreparedRules`. */
  | { readonly kind: 'rules'; readonly bytes: SharedArrayBuffer; readonly report: RulesReport }
  | { readonly kind: 'container'; readonly container: Container }
  /** What runs already is known: every container that was there has been told. */
  | { readonly kind: 'containers-known' }
  /** The alerts or files of this message, and of those before, survive the end of the process. */
  | { readonly kind: 'spooled'; readonly message: number }
  | { readonly kind: 'trial'; readonly id: string; readonly bytes: SharedArrayBuffer }
  /** Whether to tell of files in use. */
  | { readonly kind: 'watch-files'; readonly isWanted: boolean }
  /** Leave out what this process does, or no longer; answered with `excluded`. */
  | { readonly kind: 'exclude'; readonly pid: number; readonly isExcluded: boolean }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'alerts'; readonly message: number; readonly drafts: readonly KeyedDraft[] }
  | { readonly kind: 'touched'; readonly message: number; readonly files: readonly TouchedInContainer[] }
  /** So many files in use of a container were not told; undefined: of whichever. */
  | {
      readonly kind: 'touched-lost';
      readonly containerId: string | undefined;
      readonly count: number;
    }
  | { readonly kind: 'excluded'; readonly pid: number }
  | { readonly kind: 'container-seen'; readonly id: string; readonly gone: boolean }
  | { readonly kind: 'gap'; readonly gap: Omit<CoverageGap, 'sensor'> }
  /** `isResumed`: the sensor continues one that was killed. */
  | { readonly kind: 'report'; readonly sensor: SensorReport; readonly isResumed: boolean }
  | { readonly kind: 'rules'; readonly report: RulesReport }
  | { readonly kind: 'trial'; readonly id: string; readonly answer: Omit<TrialAnswer, 'sensorId'> }
  | { readonly kind: 'stopped' };

export interface WorkerOptions {
  readonly ringSizeBytes: number;
  readonly hostname: string;
  readonly excludePids: readonly number[];
  /** Where recordings around matches go. */
  readonly captureFolder: string;
  /** Names this installation, so that a sensor that is killed is continued. */
  readonly instance: string;
  /** Keys of the alerts that the spool took last before this process started. */
  readonly recentKeys: BigUint64Array;
}
