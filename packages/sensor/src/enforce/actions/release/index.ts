// release: undoes a quarantine.
import type { EnforcementAction } from '../../action-plugin.ts';
import { isHostNamespace, openNamespace } from '../../mechanisms/nftables.ts';
import { failedWith, skipped, succeeded } from '../../results.ts';
import { quarantineAction } from '../quarantine/index.ts';

const TIMEOUT_MS = 20_000;

export const releaseAction: EnforcementAction = {
  kind: 'release',
  timeoutMs: () => TIMEOUT_MS,
  run: async ({ container }, context, signal) => {
    // The rules went with the namespace.
    if (container.pid === 0) return succeeded('', 'the container is not running, so nothing holds it');
    try {
      using namespace = openNamespace(container.pid, container.id);
      if (isHostNamespace(namespace.identity)) {
        return skipped(
          'GC_TARGET_HOST_NETWORK',
          "the container uses the host's network, which is never cut off",
        );
      }
      const released = await context.isolation.restore(namespace, signal);
      return succeeded(
        'nftables',
        released ? 'the container has its network back' : 'the container was not cut off',
      );
    } catch (error) {
      return failedWith(error, 'nftables');
    }
  },
  probe: async (context) => ({ ...(await quarantineAction.probe(context)), action: 'release' }),
};
