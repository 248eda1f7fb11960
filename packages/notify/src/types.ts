// What the notifier takes and gives.
import type { ActionRecord, Alert } from '@guardcell/core';
import type { Clock, Logger } from '@guardcell/kit';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface NotifierLimits {
  readonly attempts: number;
  /** For one attempt, from name look-up to the end of the answer. */
  readonly attemptTimeoutMs: number;
  /** For all attempts together, waiting included. */
  readonly totalMs: number;
  /** Wait before the second attempt; doubles each time. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** More of an answer than this is not read. */
  readonly maxResponseBytes: number;
  /** Deliveries at the same time; more are refused with GC_NOTIFY_BUSY. */
  readonly maxInFlight: number;
}

export interface NotifierOptions {
  /**
   * What may be reached although it is not a public address: host names, `host:port`, IP addresses, `ip:port` or CIDR
   * blocks. Asked for each attempt.
   */
  readonly allow: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
  /** Default: timers. Rejects when aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 ≤ x < 1, for jitter. Default: Math.random. */
  readonly random?: () => number;
  /** PEM certificates trusted instead of the system's. */
  readonly ca?: string | readonly string[];
  readonly limits?: Partial<NotifierLimits>;
}

export interface NotifyContent {
  /** Of the `content-type` header. */
  readonly type: string;
  readonly body: string;
}

export interface NotifyDelivery {
  /** `webhook-id`: the same for every attempt, so that receivers can drop repeats. The action record's id. */
  readonly id: string;
  readonly url: string;
  /** File with the HMAC key; absent or empty: the request is not signed. */
  readonly secretFile?: string;
  readonly alert: Alert;
  /** Name of the response rule. */
  readonly rule: string;
  /** Actions of the same alert so far. */
  readonly actions: readonly ActionRecord[];
  /** Sent instead of Guardcell's own envelope, for receivers that read another form. */
  readonly content?: NotifyContent;
  /** Added to the notifier's list for this delivery alone: see `allowEntryOf`. */
  readonly allow?: readonly string[];
}

const NOTIFY_ERROR_CODES = [
  'GC_NOTIFY_URL',
  'GC_NOTIFY_BLOCKED',
  'GC_NOTIFY_SECRET',
  'GC_NOTIFY_UNREACHABLE',
  'GC_NOTIFY_TLS',
  'GC_NOTIFY_TIMEOUT',
  'GC_NOTIFY_REJECTED',
  'GC_NOTIFY_ABORTED',
  'GC_NOTIFY_BUSY',
] as const;
export type NotifyErrorCode = (typeof NOTIFY_ERROR_CODES)[number];

export type DeliveryResult =
  | {
      readonly ok: true;
      /** HTTP status of the answer. */
      readonly status: number;
      readonly attempts: number;
      readonly signed: boolean;
      /** One sentence for the action record. */
      readonly detail: string;
    }
  | {
      readonly ok: false;
      readonly code: NotifyErrorCode;
      /** Of the last answer; 0 when there was none. */
      readonly status: number;
      readonly attempts: number;
      /** One sentence for the action record; never has a secret in it. */
      readonly detail: string;
    };

export interface Notifier {
  /** Delivers at least once or says why not. Never throws. */
  deliver(delivery: NotifyDelivery, signal: AbortSignal): Promise<DeliveryResult>;
}
