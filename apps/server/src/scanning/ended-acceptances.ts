// Which acceptances that have ended are kept, and what the audit trail says of one that is forgotten.
import type { Acceptance } from '@guardcell/contract';
import type { AuditFact } from '../audit/audit-trail.ts';

/** Beyond that the ones that ended first go, whatever their age: who may ask could fill the disk. */
const ENDED_MAX = 20_000;
/** Between two passes, so that the audit trail is not filled with them. */
export const FORGOTTEN_AT_ONCE = 500;
const DAY_MS = 86_400_000;
const TARGET_MAX = 1500;

export interface EndedAcceptance {
  readonly id: string;
  readonly endedMs: number;
}

/** When it ended, ms since 1970; undefined while it is asked for or in force. */
export function endOf({ state, until, decidedAt }: Acceptance): number | undefined {
  if (state === 'requested' || state === 'approved') return undefined;
  const endedMs = Date.parse(state === 'expired' ? until : decidedAt);
  return Number.isNaN(endedMs) ? 0 : endedMs;
}

/** Ids to forget now, those that ended first before the others. */
export function overdue(
  ended: readonly EndedAcceptance[],
  keptDays: number,
  nowMs: number,
  most = ENDED_MAX,
): readonly string[] {
  const sorted = ended.toSorted((a, b) => a.endedMs - b.endedMs);
  const beforeMs = nowMs - keptDays * DAY_MS;
  const old = sorted.findIndex(({ endedMs }) => endedMs >= beforeMs);
  const count = Math.max(old < 0 ? sorted.length : old, sorted.length - most);
  return sorted.slice(0, Math.min(count, FORGOTTEN_AT_ONCE)).map(({ id }) => id);
}

/** Who decided what, of what is forgotten. */
export function forgottenFact(acceptance: Acceptance): AuditFact {
  const { id, scope, kind, state, requestedBy, requestedAt, decidedBy, decidedAt, until, reason } =
    acceptance;
  const { vulnerability, package: name, artifact, image } = scope;
  const what = [vulnerability, name, artifact, image].filter((text) => text !== '').join(' ');
  const decision = decidedBy === '' ? 'decided by nobody' : `decided by ${decidedBy} on ${decidedAt}`;
  const facts = `${kind} ${what}, asked for by ${requestedBy} on ${requestedAt}, ${decision}, ${state}, until ${until}: ${reason}`;
  return {
    actor: { name: 'retention', kind: 'nobody' },
    from: '',
    operation: 'forgetRiskAcceptance',
    target: `/api/v1/risk-acceptances/${id} ${facts}`.slice(0, TARGET_MAX).toWellFormed(),
    result: 'done',
    status: 0,
    code: '',
    requestId: '',
  };
}
