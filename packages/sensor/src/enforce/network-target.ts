// Whether a container's network namespace may be cut off: its own, not the host's, not somebody else's as well.
import type { Container } from '@guardcell/core';
import { networkNamespace } from '../containers/host-process.ts';
import type { ActionContext, EnforcementResult } from './action-plugin.ts';
import { isHostNamespace } from './mechanisms/nftables.ts';
import { skipped } from './results.ts';

/** Running containers in the same network namespace, without the container itself. */
function sharers(container: Container, identity: string, context: ActionContext): readonly Container[] {
  return context.inventory
    .list()
    .filter((other) => other.id !== container.id && other.pid > 0)
    .filter((other) => networkNamespace(other.pid) === identity);
}

function samePod(left: Container, right: Container): boolean {
  const pod = left.kubernetes?.podUid ?? '';
  return pod !== '' && pod === right.kubernetes?.podUid;
}

/** Why this namespace must not be touched; undefined when it may be. */
export function networkRefusal(
  container: Container,
  identity: string,
  context: ActionContext,
): EnforcementResult | undefined {
  if (container.networkMode === 'host' || isHostNamespace(identity)) {
    return skipped(
      'GC_TARGET_HOST_NETWORK',
      "the container uses the host's network; cutting it off would cut off the host",
    );
  }
  const others = sharers(container, identity, context);
  const foreign = others.filter((other) => !samePod(container, other) || context.protectionOf(other) !== '');
  if (foreign.length === 0) return undefined;
  const names = foreign.map((other) => other.name || other.id).join(', ');
  return skipped('GC_TARGET_SHARED_NETWORK', `the container shares its network with ${names}`);
}

/** Containers of the same pod that an action on this network meets too, for the record. */
export function alsoAffected(container: Container, identity: string, context: ActionContext): string {
  const names = sharers(container, identity, context).map((other) => other.name || other.id);
  return names.length === 0 ? '' : `; the same pod: ${names.join(', ')}`;
}
