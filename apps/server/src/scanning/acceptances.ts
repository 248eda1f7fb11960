// Accepted risks: asked for by one, decided by another, ended by time. What is in force is told to the store of scans,
// which marks the findings that it silences.
import type {
  Acceptance,
  AcceptanceInput,
  AcceptanceScope,
  AcceptanceState,
  Artifact,
} from '@guardcell/contract';
import { type VulnerabilityFinding, withoutTag } from '@guardcell/core';
import { type Clock, errorFacts, type Logger, sortableId } from '@guardcell/kit';
import type { ApprovedAcceptance, ScanStore, StateStore } from '@guardcell/store';
import { globMatches } from '@guardcell/vuln';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { accountOf, type Principal } from '../auth/principal.ts';
import { ApiError, notFound } from '../errors.ts';
import { each, put, read, remove, type Stored } from '../stored.ts';
import { type EndedAcceptance, endOf, forgottenFact, overdue } from './ended-acceptances.ts';

export interface AcceptanceFilter {
  readonly state?: readonly AcceptanceState[];
  readonly vulnerability?: string;
}

export interface Acceptances {
  request(input: AcceptanceInput, by: Principal): Promise<Acceptance>;
  /** @throws ApiError GC_NOT_FOUND, GC_CONFLICT when it is decided, GC_OWN_REQUEST. */
  approve(id: string, note: string, by: Principal): Promise<Acceptance>;
  reject(id: string, note: string, by: Principal): Promise<Acceptance>;
  /** Of one in force by an administrator; of a request by whoever asked, too. @throws ApiError GC_FORBIDDEN. */
  revoke(id: string, note: string, by: Principal): Promise<Acceptance>;
  get(id: string): Promise<Acceptance | undefined>;
  list(
    filter: AcceptanceFilter,
    limit: number,
    cursor?: string,
  ): Promise<{ items: Acceptance[]; nextCursor: string | null }>;
  /** Those in force now. */
  inForce(): readonly Acceptance[];
  isAccepted(artifact: Artifact, finding: VulnerabilityFinding): boolean;
  /** Ends those whose time is over; called every few seconds. */
  expire(): Promise<void>;
  /** Forgets those that ended so many days ago, and the oldest beyond a bound; the audit trail keeps what they were. */
  forgetEnded(keptDays: number): Promise<number>;
  /** Tells the store of scans what is in force. */
  publish(): Promise<void>;
}

export interface AcceptancesDeps {
  readonly state: StateStore;
  readonly store: () => Promise<ScanStore>;
  /** Names of the accounts that may approve. */
  readonly administrators: () => Promise<readonly string[]>;
  readonly audit: Pick<AuditTrail, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
}

/** Who asked: accounts, keys and the local administrator may share names. */
interface AcceptanceDocument {
  readonly acceptance: Acceptance;
  readonly requester: string;
}

const MAX_DAYS = 366;
const DAY_MS = 86_400_000;
const MAX_OPEN = 5000;

function invalid(pointer: string, message: string): ApiError {
  return new ApiError('GC_INVALID_REQUEST', `${pointer} ${message}`, { errors: [{ pointer, message }] });
}

/** Keys speak for the account that made them: nobody is two people by making a key. */
function identityOf(by: Principal): string {
  const account = accountOf(by);
  return account === '' ? `${by.kind} ${by.name}` : `user ${account}`;
}

/** Whether a scope covers a finding in an artifact; all members that are given must fit. */
export function covers(scope: AcceptanceScope, artifact: Artifact, finding: VulnerabilityFinding): boolean {
  const { vulnerability, package: name, artifact: id, image } = scope;
  if (finding.id !== vulnerability && !finding.aliases.includes(vulnerability)) return false;
  if (name !== '' && finding.packageName !== name) return false;
  if (id !== '') return artifact.summary.id === id;
  const { references, name: own } = artifact.summary;
  return image === '' || [own, ...references].some((each) => globMatches(image, withoutTag(each)));
}

export async function openAcceptances(deps: AcceptancesDeps): Promise<Acceptances> {
  const { state, clock, logger, onChange } = deps;
  const approved = new Map<string, Acceptance>();
  const requested = new Map<string, Acceptance>();
  let last: Promise<unknown> = Promise.resolve();
  const now = (): string => new Date(clock.nowMs()).toISOString();

  for await (const { value } of each<AcceptanceDocument>(state, 'risk-acceptance')) {
    remember(value.acceptance);
  }

  function remember(acceptance: Acceptance): void {
    const { id, state: now } = acceptance;
    for (const [of, map] of [
      ['approved', approved],
      ['requested', requested],
    ] as const) {
      if (now === of) map.set(id, acceptance);
      else map.delete(id);
    }
  }

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  const isOver = ({ until }: Acceptance): boolean => Date.parse(until) <= clock.nowMs();

  async function publish(): Promise<void> {
    const list = [...approved.values()].filter((each) => !isOver(each));
    const force = list.map(
      ({ id, scope, kind, reason, until }): ApprovedAcceptance => ({ id, scope, kind, reason, until }),
    );
    await (await deps.store()).setAcceptances(force);
    onChange();
  }

  async function counted(acceptance: Acceptance): Promise<Acceptance> {
    if (acceptance.state !== 'requested' && acceptance.state !== 'approved') return acceptance;
    const { findings, artifacts } = await (await deps.store()).preview(acceptance.scope);
    return { ...acceptance, findings, artifacts };
  }

  async function needed(id: string): Promise<Stored<AcceptanceDocument>> {
    const stored = await read<AcceptanceDocument>(state, 'risk-acceptance', id);
    if (stored === undefined) throw notFound('risk acceptance', id);
    return stored;
  }

  async function save(document: AcceptanceDocument, revision: number): Promise<Acceptance> {
    const { acceptance } = document;
    const result = await state.commit([put('risk-acceptance', acceptance.id, document, revision)]);
    if (!result.ok) throw new ApiError('GC_CONFLICT', 'somebody else has decided in the meantime');
    remember(acceptance);
    return acceptance;
  }

  async function decide(
    id: string,
    next: AcceptanceState,
    from: readonly AcceptanceState[],
    note: string,
    by: Principal,
    check: (document: AcceptanceDocument) => Promise<void> | void,
  ): Promise<Acceptance> {
    const { value, revision } = await needed(id);
    const { acceptance } = value;
    if (!from.includes(acceptance.state)) {
      throw new ApiError('GC_CONFLICT', `it is ${acceptance.state} already`);
    }
    await check(value);
    const decision = { state: next, decidedBy: by.name, decidedAt: now(), decisionNote: note };
    const decided = await counted({ ...acceptance, ...decision });
    const saved = await save({ ...value, acceptance: decided }, revision);
    logger.info('risk acceptance decided', { id, state: next, by: by.name });
    await publish();
    return saved;
  }

  async function checkApprover({ requester, acceptance }: AcceptanceDocument, by: Principal): Promise<void> {
    if (isOver(acceptance)) throw new ApiError('GC_CONFLICT', 'its time is over');
    if (requester !== identityOf(by)) return;
    const others = (await deps.administrators()).filter((name) => name !== accountOf(by));
    if (others.length === 0) return;
    throw new ApiError('GC_OWN_REQUEST', 'somebody else must approve what you have asked for', {
      hint: `Ask ${others.slice(0, 3).join(', ')}.`,
    });
  }

  function checkInput({ scope, kind, justification, until }: AcceptanceInput): string {
    const untilMs = Date.parse(until);
    if (Number.isNaN(untilMs)) throw invalid('/until', 'must be an RFC 3339 time');
    if (untilMs <= clock.nowMs()) throw invalid('/until', 'must be in the future');
    if (untilMs > clock.nowMs() + MAX_DAYS * DAY_MS)
      throw invalid('/until', `must be within ${MAX_DAYS} days`);
    if (kind === 'not-affected' && justification === undefined) {
      throw invalid('/justification', 'must be given when something is not affected');
    }
    if (kind === 'accept-risk' && justification !== undefined) {
      throw invalid('/justification', 'is only for what is not affected');
    }
    if (scope.artifact !== '' && scope.image !== '') {
      throw invalid('/scope/image', 'must be empty when an artifact is named');
    }
    return new Date(untilMs).toISOString();
  }

  return {
    request: (input, by) =>
      alone(async () => {
        const until = checkInput(input);
        if (requested.size + approved.size >= MAX_OPEN)
          throw new ApiError('GC_TOO_MANY', `there are ${MAX_OPEN} already`);
        const acceptance = await counted({
          ...input,
          until,
          id: sortableId(clock.nowMs()),
          state: 'requested',
          requestedBy: by.name,
          requestedAt: now(),
          decidedBy: '',
          decidedAt: '',
          decisionNote: '',
          findings: 0,
          artifacts: 0,
        });
        await save({ acceptance, requester: identityOf(by) }, 0);
        logger.info('acceptance of a risk asked for', { id: acceptance.id, by: by.name });
        onChange();
        return acceptance;
      }),
    approve: (id, note, by) =>
      alone(() => decide(id, 'approved', ['requested'], note, by, (document) => checkApprover(document, by))),
    reject: (id, note, by) => alone(() => decide(id, 'rejected', ['requested'], note, by, () => undefined)),
    revoke: (id, note, by) =>
      alone(() =>
        decide(id, 'revoked', ['requested', 'approved'], note, by, ({ requester }) => {
          // Ending what silences findings can only show more; still, it undoes what an administrator has decided.
          if (by.role === 'admin' || requester === identityOf(by)) return;
          throw new ApiError('GC_FORBIDDEN', 'this needs an administrator, or whoever asked for it');
        }),
      ),
    async get(id) {
      const stored = await read<AcceptanceDocument>(state, 'risk-acceptance', id);
      return stored === undefined ? undefined : counted(stored.value.acceptance);
    },
    async list(filter, limit, cursor) {
      if (cursor !== undefined && !/^[0-9a-z]{26}$/.test(cursor)) {
        throw new ApiError('GC_INVALID_CURSOR', 'the cursor is not one of this list');
      }
      const found: Acceptance[] = [];
      const after = cursor === undefined ? {} : { after: cursor };
      const all = each<AcceptanceDocument>(state, 'risk-acceptance', { reverse: true, ...after });
      for await (const { value } of all) {
        const { acceptance } = value;
        if ((filter.state?.length ?? 0) > 0 && filter.state?.includes(acceptance.state) !== true) continue;
        if (filter.vulnerability !== undefined && acceptance.scope.vulnerability !== filter.vulnerability)
          continue;
        found.push(acceptance);
        if (found.length > limit) break;
      }
      const items: Acceptance[] = [];
      for (const acceptance of found.slice(0, limit)) items.push(await counted(acceptance));
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    inForce: () => [...approved.values()].filter((each) => !isOver(each)),
    isAccepted: (artifact, finding) =>
      [...approved.values()].some((each) => !isOver(each) && covers(each.scope, artifact, finding)),
    expire: () =>
      alone(async () => {
        const over = [...approved.values(), ...requested.values()].filter(isOver);
        const wasInForce = over.some(({ id }) => approved.has(id));
        for (const { id } of over) {
          const { value, revision } = await needed(id);
          await save({ ...value, acceptance: { ...value.acceptance, state: 'expired' } }, revision);
          logger.info('the acceptance of a risk has ended by its time', { id });
        }
        if (wasInForce) await publish();
        else if (over.length > 0) onChange();
      }),
    forgetEnded: (keptDays) =>
      alone(async () => {
        const ended: EndedAcceptance[] = [];
        for await (const { id, value } of each<AcceptanceDocument>(state, 'risk-acceptance')) {
          const endedMs = endOf(value.acceptance);
          if (endedMs !== undefined) ended.push({ id, endedMs });
        }
        const ids = overdue(ended, keptDays, clock.nowMs());
        for (const id of ids) {
          const { value } = await needed(id);
          // Told first: what is forgotten without a trace was never there.
          await deps.audit.append(forgottenFact(value.acceptance));
          await state.commit([remove('risk-acceptance', id)]);
        }
        if (ids.length === 0) return 0;
        logger.info('acceptances of risks that ended long ago are forgotten', { count: ids.length });
        onChange();
        return ids.length;
      }),
    async publish() {
      try {
        // The store keeps what it was told: nothing to say before anybody has accepted anything.
        if (approved.size > 0) await publish();
      } catch (thrown) {
        logger.warn('accepted risks cannot be told to the store', { ...errorFacts(thrown) });
      }
    },
  };
}
