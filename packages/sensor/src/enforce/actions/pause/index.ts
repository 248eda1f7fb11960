// pause: brings every process of a container to a standstill; nothing is lost, `resume` undoes it.
import type { EnforcementAction } from '../../action-plugin.ts';
import { freezeContainer, probeFreeze } from '../../freeze-container.ts';

const TIMEOUT_MS = 30_000;

export const pauseAction: EnforcementAction = {
  kind: 'pause',
  timeoutMs: () => TIMEOUT_MS,
  run: ({ container }, context, signal) => freezeContainer('pause', container, context, signal),
  probe: (context) => probeFreeze('pause', context),
};
