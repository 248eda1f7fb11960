// The table of enforcement actions.
import type { EnforcementAction } from './action-plugin.ts';
import { killAction } from './actions/kill/index.ts';
import { pauseAction } from './actions/pause/index.ts';
import { quarantineAction } from './actions/quarantine/index.ts';
import { releaseAction } from './actions/release/index.ts';
import { resumeAction } from './actions/resume/index.ts';
import { stopAction } from './actions/stop/index.ts';

export const ENFORCEMENT_ACTIONS: readonly EnforcementAction[] = [
  killAction,
  pauseAction,
  resumeAction,
  stopAction,
  quarantineAction,
  releaseAction,
];
