// quarantine: no traffic in or out of a container, also on existing connections; other containers are untouched.
import type { Container } from '@guardcell/core';
import { errorFacts } from '@guardcell/kit';
import type { EnforcementAction } from '../../action-plugin.ts';
import { openNamespace } from '../../mechanisms/nftables.ts';
import { alsoAffected, networkRefusal } from '../../network-target.ts';
import { failedWith, skipped, succeeded } from '../../results.ts';

const TIMEOUT_MS = 20_000;
const PROBE_TIMEOUT_MS = 10_000;

function caveats(container: Container, frames: boolean): string {
  const notes: string[] = [];
  if (!frames) notes.push('raw frames are not covered (Linux 5.16 or newer is needed)');
  if (container.capabilities.includes('CAP_NET_ADMIN')) {
    notes.push('the container holds CAP_NET_ADMIN and could remove the rules itself: pause or stop it');
  }
  return notes.length === 0 ? '' : `; ${notes.join('; ')}`;
}

export const quarantineAction: EnforcementAction = {
  kind: 'quarantine',
  timeoutMs: () => TIMEOUT_MS,
  run: async ({ container }, context, signal) => {
    if (container.pid === 0) {
      return skipped('GC_TARGET_NOT_RUNNING', 'the container is not running, so it has no network');
    }
    try {
      using namespace = openNamespace(container.pid, container.id);
      const refusal = networkRefusal(container, namespace.identity, context);
      if (refusal !== undefined) return refusal;
      const already = await context.isolation.isCutOff(namespace, signal);
      const { frames } = await context.isolation.cutOff(namespace, signal);
      const first = already
        ? 'the container was cut off already'
        : 'the container is cut off from every network';
      const others = alsoAffected(container, namespace.identity, context);
      return succeeded('nftables', `${first}${others}${caveats(container, frames)}`);
    } catch (error) {
      return failedWith(error, 'nftables');
    }
  },
  probe: async (context) => {
    try {
      const { frames } = await context.isolation.probe(AbortSignal.timeout(PROBE_TIMEOUT_MS));
      const detail = frames
        ? 'Packets and frames are dropped inside the container’s network namespace.'
        : 'Packets are dropped; raw frames would need Linux 5.16 with netdev egress hooks.';
      return { action: 'quarantine', mechanism: 'nftables', available: true, detail };
    } catch (error) {
      const { message, hint } = errorFacts(error);
      return { action: 'quarantine', mechanism: '', available: false, detail: `${message}. ${hint}`.trim() };
    }
  },
};
