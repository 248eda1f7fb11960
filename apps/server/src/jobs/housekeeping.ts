// What happens by the clock: retention, ended sessions, commands whose time is over.
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { EventStore, StateStore } from '@guardcell/store';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { ActionLog } from '../response/action-log.ts';
import { forgetOldKeys } from '../response/idempotency.ts';
import type { Scanning } from '../scanning/start-scanning.ts';
import type { SettingsStore } from '../settings.ts';

export interface HousekeepingDeps {
  readonly events: Pick<EventStore, 'dropBefore'>;
  readonly actions: Pick<ActionLog, 'dropBefore' | 'expire'>;
  readonly scanning: Pick<Scanning, 'dropBefore'>;
  readonly audit: Pick<AuditTrail, 'prune'>;
  readonly state: StateStore;
  readonly sessions: Pick<Sessions, 'sweep'>;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly reaches: (sensor: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const EXPIRE_EVERY_MS = 1000;

/** Forgets what is older than the retention in the settings. */
async function applyRetention(deps: HousekeepingDeps): Promise<void> {
  const { events, actions, scanning, audit, state, sessions, settings, clock, logger } = deps;
  const beforeMs = clock.nowMs() - settings.current().retentionDays * DAY_MS;
  const dropped = await events.dropBefore(beforeMs);
  const records = await actions.dropBefore(beforeMs);
  const artifacts = await scanning.dropBefore(beforeMs);
  await sessions.sweep();
  await audit.prune();
  await forgetOldKeys(state, clock.nowMs());
  if (dropped + records + artifacts > 0) {
    logger.info('old records forgotten', { alerts: dropped, actions: records, artifacts });
  }
}

export function startHousekeeping(deps: HousekeepingDeps): { stop(): void } {
  const { logger } = deps;
  function attempt(what: string, work: () => Promise<void>): void {
    work().catch((thrown: unknown) =>
      logger.warn('housekeeping failed; it is tried again', { what, ...errorFacts(thrown) }),
    );
  }
  const retention = (): void => attempt('retention', () => applyRetention(deps));
  const first = setTimeout(retention, 60_000);
  const hourly = setInterval(retention, HOUR_MS);
  const expiry = setInterval(
    () => attempt('expiry', () => deps.actions.expire(deps.reaches)),
    EXPIRE_EVERY_MS,
  );
  for (const timer of [first, hourly, expiry]) timer.unref();
  return {
    stop() {
      clearTimeout(first);
      clearInterval(hourly);
      clearInterval(expiry);
    },
  };
}
