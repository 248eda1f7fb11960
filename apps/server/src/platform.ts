// Everything that routes work with, made once by the composition root.
import type { Status } from '@guardcell/contract';
import type { Clock, Logger } from '@guardcell/kit';
import type { EventStore, StateStore } from '@guardcell/store';
import type { AuditTrail } from './audit/audit-trail.ts';
import type { ApiKeys } from './auth/api-keys.ts';
import type { Authenticator } from './auth/authenticate.ts';
import type { FirstPassword } from './auth/first-password.ts';
import type { LoginGuard } from './auth/login-guard.ts';
import type { Sessions } from './auth/sessions.ts';
import type { Users } from './auth/users.ts';
import type { DesiredFeed } from './fleet/desired-feed.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { Trials } from './fleet/trials.ts';
import type { HttpCounters } from './http/app.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { K8sAudit } from './k8s-audit/start-k8s-audit.ts';
import type { LiveHub } from './live/live-hub.ts';
import type { ServerOptions } from './options.ts';
import type { RuleLoader } from './policy/load-rules.ts';
import type { RuleActivity } from './policy/rule-activity.ts';
import type { RuleFiles } from './policy/rule-files.ts';
import type { RuleLibrary } from './policy/rule-library.ts';
import type { ActionLog } from './response/action-log.ts';
import type { ManualActions } from './response/manual-actions.ts';
import type { ResponseRules } from './response/response-rules.ts';
import type { Scanning } from './scanning/start-scanning.ts';
import type { SettingsStore } from './settings.ts';

export interface Platform {
  readonly options: ServerOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly startedAtMs: number;
  readonly state: StateStore;
  readonly events: EventStore;
  readonly auth: Authenticator;
  readonly users: Users;
  readonly firstPassword: FirstPassword;
  readonly audit: AuditTrail;
  /** Where response rules made through the API may take signing keys from. */
  readonly secretsDir: string;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly loginGuard: LoginGuard;
  readonly settings: SettingsStore;
  readonly fleet: Fleet;
  readonly desired: DesiredFeed;
  readonly ingest: Ingest;
  readonly k8sAudit: K8sAudit;
  readonly live: LiveHub;
  readonly library: RuleLibrary;
  readonly ruleLoader: RuleLoader;
  readonly ruleFiles: RuleFiles;
  readonly trials: Trials;
  readonly ruleActivity: RuleActivity;
  readonly responses: ResponseRules;
  readonly actions: ActionLog;
  readonly manual: ManualActions;
  readonly scanning: Scanning;
  readonly http: HttpCounters;
  /** Where users reach the server; known once it listens. */
  url(): string;
  cookieName(): string;
  status(): Promise<Status>;
}
