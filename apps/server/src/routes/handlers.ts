// The handler of every route of the contract; the type makes sure that none is missing.
import type { Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import { adminRoutes } from './admin.ts';
import { containerRoutes } from './containers.ts';
import { eventRoutes } from './events.ts';
import { inLanguage } from './in-language.ts';
import { overviewRoutes } from './overview.ts';
import { responseRoutes } from './responses.ts';
import { ruleFileRoutes } from './rule-files.ts';
import { ruleTrialRoutes } from './rule-trial.ts';
import { ruleTuningRoutes } from './rule-tuning.ts';
import { ruleRoutes } from './rules.ts';
import { scanningRoutes } from './scanning/index.ts';
import { sessionRoutes } from './session.ts';
import { streamRoutes } from './stream.ts';
import { userRoutes } from './users.ts';

export function handlersFor(platform: Platform): Handlers {
  return inLanguage({
    ...sessionRoutes(platform),
    ...overviewRoutes(platform),
    ...eventRoutes(platform),
    ...streamRoutes(platform),
    ...containerRoutes(platform),
    ...ruleRoutes(platform),
    ...ruleFileRoutes(platform),
    ...ruleTuningRoutes(platform),
    ...ruleTrialRoutes(platform),
    ...responseRoutes(platform),
    ...adminRoutes(platform),
    ...userRoutes(platform),
    ...scanningRoutes(platform),
  });
}
