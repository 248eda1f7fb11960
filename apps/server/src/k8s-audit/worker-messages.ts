// What the server and its worker for Kubernetes audit events say to each other.
import type { RuleFile } from '@guardcell/core';
import type { AuditAlert } from '@guardcell/rules';

/** `document`: one JSON text, as the webhook sends it. `lines`: one JSON text a line, as a log has it. */
export type BatchForm = 'document' | 'lines';

/** What became of the events of a batch. */
export interface BatchCounts {
  /** Evaluated. */
  readonly events: number;
  /** Seen before: webhooks send again what was not answered in time. */
  readonly duplicates: number;
  /** Not audit events, or without a time. */
  readonly ignored: number;
  /** Texts that could not be read. */
  readonly unreadable: number;
  readonly alerts: number;
}

export type ToAuditWorker =
  | { readonly kind: 'policy'; readonly files: readonly RuleFile[]; readonly disabled: readonly string[] }
  | { readonly kind: 'batch'; readonly id: number; readonly form: BatchForm; readonly bytes: Uint8Array }
  /** The alerts handed over last are durable, or cannot be made so now: then the rest of the batch is dropped. */
  | { readonly kind: 'stored'; readonly id: number; readonly ok: boolean };

export type FromAuditWorker =
  | { readonly kind: 'rules'; readonly enabled: number; readonly errors: number }
  /** Waits for `stored`. */
  | { readonly kind: 'alerts'; readonly id: number; readonly alerts: readonly AuditAlert[] }
  | { readonly kind: 'done'; readonly id: number; readonly counts: BatchCounts };
