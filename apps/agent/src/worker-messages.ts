// What the agent's main thread and its sensor worker say to each other.
import type { TrialAnswer, TrialCommand } from '@guardcell/contract';
import type {
  Alert,
  Container,
  CoverageGap,
  DesiredPolicy,
  RulesReport,
  SensorReport,
} from '@guardcell/core';

/** An alert before the spool gives it its place (and so its id) in the stream. */
export type AlertDraft = Omit<Alert, 'id'>;

export type ToWorker =
  | { readonly kind: 'policy'; readonly policy: DesiredPolicy }
  | { readonly kind: 'container'; readonly container: Container }
  | { readonly kind: 'trial'; readonly command: TrialCommand }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'alerts'; readonly drafts: readonly AlertDraft[] }
  | { readonly kind: 'container-seen'; readonly id: string; readonly gone: boolean }
  | { readonly kind: 'gap'; readonly gap: Omit<CoverageGap, 'sensor'> }
  | { readonly kind: 'report'; readonly sensor: SensorReport }
  | { readonly kind: 'rules'; readonly report: RulesReport }
  | { readonly kind: 'trial'; readonly id: string; readonly answer: Omit<TrialAnswer, 'sensorId'> }
  | { readonly kind: 'stopped' };

export interface WorkerOptions {
  readonly ringSizeBytes: number;
  readonly hostname: string;
  readonly excludePids: readonly number[];
  /** Where recordings around matches go. */
  readonly captureFolder: string;
}
