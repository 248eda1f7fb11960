// What an action acts on, and what must never be acted on.
import {
  type ActionKind,
  type ActionTarget,
  type Alert,
  CLUSTER,
  HOST,
  SHORT_ID_LENGTH,
} from '@guardcell/core';
import { globMatches } from './glob.ts';
import type { ProtectedTargets } from './types.ts';

export const NO_TARGET: ActionTarget = {
  kind: 'none',
  containerId: '',
  containerName: '',
  pid: 0,
  processStartedAt: '',
};

/**
 * `kill` targets the process that raised the alert (its container is named too, so that whoever acts can check that
 * the process still belongs to it); everything else but `notify` targets the container. A notification has no target;
 * the container it tells about is named for the history.
 */
export function targetOf(action: ActionKind, alert: Alert): ActionTarget {
  const { container, process: actor } = alert;
  const named = { ...NO_TARGET, containerId: container.id, containerName: container.name };
  if (action === 'notify') return named;
  if (action !== 'kill') return { ...named, kind: 'container' };
  return { ...named, kind: 'process', pid: actor.pid, processStartedAt: actor.startedAt };
}

/** Text that is equal for equal targets. */
export function targetKey(target: ActionTarget): string {
  return target.kind === 'process'
    ? `process:${target.pid}@${target.processStartedAt}`
    : `${target.kind}:${target.containerId}`;
}

function isProtectedContainer(target: ActionTarget, guarded: ProtectedTargets): boolean {
  const { containerId: id, containerName: name } = target;
  return guarded.containers.some((entry) => {
    if (entry === '') return false;
    const isId = entry.length >= SHORT_ID_LENGTH && /^[0-9a-f]+$/.test(entry);
    return entry === id || (isId && id.startsWith(entry)) || (name !== '' && globMatches(entry, name));
  });
}

/** Why a target must not be acted on, or undefined when it may. */
export function refusal(target: ActionTarget, guarded: ProtectedTargets): string | undefined {
  if (target.kind === 'none') return undefined;
  if (target.containerId === HOST.id) return 'The host and its processes are never acted on.';
  if (target.containerId === CLUSTER.id)
    return 'An alert about the Kubernetes API has no container to act on.';
  if (target.containerId === '') return 'There is no container to act on.';
  if (target.kind === 'process' && target.pid <= 0) return 'There is no process to act on.';
  if (target.kind === 'process' && (target.pid === 1 || guarded.pids.includes(target.pid))) {
    return 'The process is protected.';
  }
  return isProtectedContainer(target, guarded) ? 'The container is protected.' : undefined;
}
