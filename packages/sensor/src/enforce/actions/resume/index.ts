// resume: lets a paused container go on.
import type { EnforcementAction } from '../../action-plugin.ts';
import { freezeContainer, probeFreeze } from '../../freeze-container.ts';

const TIMEOUT_MS = 30_000;

export const resumeAction: EnforcementAction = {
  kind: 'resume',
  timeoutMs: () => TIMEOUT_MS,
  run: ({ container }, context, signal) => freezeContainer('resume', container, context, signal),
  probe: (context) => probeFreeze('resume', context),
};
