// The shape that every enforcement action has, and what it is given. One folder an action, one line in the registry.
import type { ActionKind, ActionTarget, Container, EnforcementRung } from '@guardcell/core';
import type { Logger } from '@guardcell/kit';
import type { Inventory } from '../containers/index.ts';
import type { NetworkIsolation } from './mechanisms/nftables.ts';

/** An action that somebody (a response rule, a person) has decided on. */
export interface EnforcementCommand {
  readonly id: string;
  readonly action: ActionKind;
  readonly target: ActionTarget;
  /** `graceSeconds` for `stop`. */
  readonly with: Readonly<Record<string, string | number | boolean>>;
}

/**
 * What became of it. `skipped`: nothing was done because nothing may or need be done (a protected target, a process
 * that is gone). `failed`: it should have been done and was not.
 */
export interface EnforcementResult {
  readonly state: 'succeeded' | 'failed' | 'skipped';
  /** One sentence. */
  readonly detail: string;
  /** `GC_…`; empty when succeeded. */
  readonly errorCode: string;
  /** `docker-api`, `containerd-api`, `cri-api`, `cgroup-freezer`, `cgroup-kill`, `nftables`, `pidfd`, `signal`. */
  readonly mechanism: string;
}

export interface ActionContext {
  readonly inventory: Inventory;
  readonly logger: Logger;
  readonly isolation: NetworkIsolation;
  /** Whether nothing may be done to this process. */
  isProtectedPid(pid: number): boolean;
  /** Why nothing may be done to this container; empty when it may. */
  protectionOf(container: Container): string;
}

/** The target after all checks: it exists, is not the host, not Guardcell, not protected. */
export interface CheckedCommand {
  readonly command: EnforcementCommand;
  /** As the runtimes describe it now. */
  readonly container: Container;
}

export interface EnforcementAction {
  readonly kind: ActionKind;
  /** Longest time the action may take, in ms. */
  timeoutMs(command: EnforcementCommand): number;
  run(checked: CheckedCommand, context: ActionContext, signal: AbortSignal): Promise<EnforcementResult>;
  /** Finds out by trying (on something made for the purpose) what will be used on this host. */
  probe(context: ActionContext): Promise<EnforcementRung>;
}
