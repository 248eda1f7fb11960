// What goes over the port between a store and its worker thread.
import type { ErrorFacts } from '@guardcell/kit';

export interface WorkerRequest {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
}

export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorFacts };

/** The operations of a worker: name → function of one input that can be cloned. */
export interface Operations {
  readonly [operation: string]: (input: never) => unknown;
}
