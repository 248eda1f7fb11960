// Response rules (what to do on an alert) and the durable record of each action.
import type { Severity } from './severity.ts';

/** Every action there is. Containment actions act on a container or a process; `notify` on nothing. */
export const ACTION_KINDS = ['notify', 'kill', 'pause', 'resume', 'stop', 'quarantine', 'release'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** What undoes an action; an action that is not here cannot be undone. */
export const UNDO_OF: Readonly<Partial<Record<ActionKind, ActionKind>>> = {
  pause: 'resume',
  quarantine: 'release',
};

export interface ResponseAction {
  readonly do: ActionKind;
  /** For `notify`: `url`, and `secretFile` (path of a file with the HMAC key). For `stop`: `graceSeconds`. */
  readonly with: Readonly<Record<string, string | number | boolean>>;
}

/** When every given member holds for an alert, the rule is triggered. */
export interface ResponseTrigger {
  /** Rule names, exact; empty means any. */
  readonly rules: readonly string[];
  /** Tags, any of them; empty means any. */
  readonly tags: readonly string[];
  readonly minSeverity: Severity;
}

export interface ResponseRule {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly trigger: ResponseTrigger;
  /** CEL over `alert`, `container`, `process`; empty means true. */
  readonly guard: string;
  readonly actions: readonly ResponseAction[];
  /** The same rule does not act on the same target again within this time. */
  readonly cooldownSeconds: number;
  /** At most this many distinct targets within `cooldownSeconds`; more are recorded as skipped. */
  readonly maxTargets: number;
  /** `dry-run` records what would have been done and does nothing. */
  readonly mode: 'enforce' | 'dry-run';
  /** Where it comes from: a file, or the console/API. Only the latter can be edited there. */
  readonly origin: { readonly kind: 'file' | 'api'; readonly path: string };
}

export interface ActionTarget {
  readonly kind: 'container' | 'process' | 'none';
  readonly containerId: string;
  readonly containerName: string;
  /** Pid in the host's pid namespace; 0 when the target is a container. */
  readonly pid: number;
  /** Start time of that process, so that a reused pid is never acted on; empty when unknown. */
  readonly processStartedAt: string;
}

/**
 * `pending` is written before anything is done; then one of the ends is written.
 * `unknown`: the platform died in between and could not find out what became of it.
 */
export const ACTION_STATES = [
  'pending',
  'succeeded',
  'failed',
  'skipped',
  'dry-run',
  'undone',
  'unknown',
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

export interface ActionRecord {
  readonly id: string;
  readonly action: ActionKind;
  readonly target: ActionTarget;
  readonly state: ActionState;
  /** Why it was skipped or failed, or what was done, in one sentence. */
  readonly detail: string;
  /** `GC_…` when it failed. */
  readonly errorCode: string;
  /** The response rule, or empty for an action that a person asked for. */
  readonly rule: string;
  readonly alertId: string;
  /** User name, API key name, or `guardcell` for automatic ones. */
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly finishedAt: string;
  /** Which mechanism acted: `docker-api`, `cgroup-freezer`, `nftables`, `signal` … */
  readonly mechanism: string;
  /** Id of the record that undid this one. */
  readonly undoneBy: string;
  /** Id of the record that this one undoes. */
  readonly undoes: string;
}
