// What the agent's main thread and its sensor worker say to each other.
import type { TrialAnswer } from '@guardcell/contract';
import type { Alert, Container, CoverageGap, RulesReport, SensorReport } from '@guardcell/core';

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
  /** The alerts of this message, and of those before, are in the spool. */
  | { readonly kind: 'spooled'; readonly message: number }
  | { readonly kind: 'trial'; readonly id: string; readonly bytes: SharedArrayBuffer }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'alerts'; readonly message: number; readonly drafts: readonly KeyedDraft[] }
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
