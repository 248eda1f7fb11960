// Raises alerts for what scans find anew: each once, whatever is scanned, matched or restarted in between. What was told
// of an artifact is kept with it; alerts that are decided on are kept until they are stored.
import type { Artifact, Settings } from '@guardcell/contract';
import {
  alertId,
  isAtLeast,
  type ScanReport,
  SEVERITIES,
  type Severity,
  severityRank,
  type VulnerabilityFinding,
} from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { ScanStore, StateStore, StateWrite } from '@guardcell/store';
import type { Ingest } from '../ingest/ingest.ts';
import { put, read, remove, valueOf } from '../stored.ts';
import { type AlertSubject, SCAN_SOURCE, type ScanAlert, scanAlert } from './alert-facts.ts';
import { newKeys, type ToldKeys } from './told-keys.ts';

export interface ScanAlerts {
  /** A report was stored: malware and critical secrets are told at once. Returns how many alerts. */
  scanned(id: string, report: ScanReport): Promise<number>;
  /** An artifact was matched: what is new is told, but nothing at its first matching. */
  matched(id: string, findings: readonly VulnerabilityFinding[]): Promise<number>;
  /** An artifact is forgotten. */
  forget(id: string): Promise<void>;
  /** Stores what was decided on before the server ended. */
  recover(): Promise<void>;
  /** Resolves when everything decided on is stored, or cannot be now. */
  idle(): Promise<void>;
  readonly raised: number;
  stop(): void;
}

export interface ScanAlertsDeps {
  readonly state: StateStore;
  readonly ingest: Pick<Ingest, 'submit'>;
  readonly store: () => Promise<ScanStore>;
  readonly settings: () => NonNullable<Settings['scanning']>;
  /** Whether somebody has accepted the risk. */
  readonly isAccepted: (artifact: Artifact, finding: VulnerabilityFinding) => boolean;
  readonly isPrivileged: (containerId: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retryMs?: number;
  /** Findings of one artifact that are told one by one or counted once; default `TOLD_MAX`. */
  readonly mostTold?: number;
}

/** What was told of one artifact, or was there at its first matching. */
interface Ledger {
  /** Severity from which on `vulnerabilities` is complete; `off` before the first matching. */
  readonly from: Severity | 'off';
  readonly vulnerabilities: readonly string[];
  readonly others: readonly string[];
  /** Told by their number alone; absent: none. */
  readonly beyond?: {
    readonly vulnerabilities: Omit<ToldKeys, 'keys'>;
    readonly others: Omit<ToldKeys, 'keys'>;
  };
}

interface OutboxDocument {
  readonly epoch: number;
  readonly seq: number;
  readonly alert: ScanAlert;
}

/** More than so many of one artifact are told in one alert. */
const ONE_BY_ONE = 20;
const RETRY_MS = 2000;
const NOTHING: Ledger = { from: 'off', vulnerabilities: [], others: [] };
const NONE = { beyond: 0, sum: 0 };

/** The ledger with what is told of vulnerabilities, or of others. */
function withTold(ledger: Ledger, what: 'vulnerabilities' | 'others', { keys, ...beyond }: ToldKeys): Ledger {
  const before = ledger.beyond ?? { vulnerabilities: NONE, others: NONE };
  return { ...ledger, [what]: keys, beyond: { ...before, [what]: beyond } };
}

function toldOf(ledger: Ledger, what: 'vulnerabilities' | 'others'): ToldKeys {
  return { keys: ledger[what], ...(ledger.beyond?.[what] ?? NONE) };
}

export function createScanAlerts(deps: ScanAlertsDeps): ScanAlerts {
  const { state, ingest, clock, logger } = deps;
  let last: Promise<unknown> = Promise.resolve();
  let sending: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isStopped = false;
  let raised = 0;

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  const ledgerOf = async (id: string): Promise<Ledger> =>
    (await read<Ledger>(state, 'scan-ledger', id))?.value ?? NOTHING;

  /** What is told and that it was told become durable together. */
  async function decide(id: string, ledger: Ledger, alerts: readonly ScanAlert[]): Promise<void> {
    const place = (await read<{ epoch: number; nextSeq: number }>(state, 'cursor', 'scan-alerts'))?.value;
    const epoch = place?.epoch ?? clock.nowMs();
    let seq = place?.nextSeq ?? 1;
    const writes: StateWrite[] = [put('scan-ledger', id, ledger)];
    for (const alert of alerts) {
      const document: OutboxDocument = { epoch, seq, alert };
      writes.push(put('scan-outbox', String(seq).padStart(16, '0'), document));
      seq += 1;
    }
    if (alerts.length > 0) writes.push(put('cursor', 'scan-alerts', { epoch, nextSeq: seq }));
    await state.commit(writes);
    raised += alerts.length;
    if (alerts.length > 0) send();
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const page = await state.list('scan-outbox', { limit: 100 });
      if (page.length === 0 || isStopped) return;
      for (const record of page) {
        const { epoch, seq, alert } = valueOf<OutboxDocument>(record);
        const placed = { ...alert, id: alertId({ sensor: SCAN_SOURCE, epoch, seq }) };
        const batch = { firstSeq: seq, alerts: [placed], gaps: [] };
        const reply = await ingest.submit(SCAN_SOURCE, epoch, batch);
        if (reply.status !== 200) {
          retry = setTimeout(send, deps.retryMs ?? RETRY_MS).unref();
          return;
        }
        await state.commit([remove('scan-outbox', record.id)]);
      }
    }
  }

  function send(): void {
    if (isStopped || sending !== undefined) return;
    clearTimeout(retry);
    sending = sendAll()
      .catch((thrown: unknown) => {
        logger.warn('alerts of scanning wait for the store', { ...errorFacts(thrown) });
        retry = setTimeout(send, deps.retryMs ?? RETRY_MS).unref();
      })
      .finally(() => {
        sending = undefined;
      });
  }

  async function alertsFor(id: string, subjects: readonly AlertSubject[]): Promise<readonly ScanAlert[]> {
    if (subjects.length === 0) return [];
    const artifact = await (await deps.store()).artifact(id);
    if (artifact === undefined) return [];
    const wanted = subjects.flatMap((subject): AlertSubject[] => {
      if (subject.kind !== 'vulnerability' && subject.kind !== 'vulnerabilities') return [subject];
      const findings = subject.findings.filter((finding) => !deps.isAccepted(artifact, finding));
      return findings.length === 0 ? [] : [{ ...subject, findings }];
    });
    return wanted.map((subject) => scanAlert(subject, artifact, clock.nowMs(), deps.isPrivileged));
  }

  async function scanned(id: string, report: ScanReport): Promise<number> {
    const from = deps.settings().alertFrom;
    const ledger = await ledgerOf(id);
    // Malware first: of secrets anybody can make any number.
    const malware = new Map(
      report.malware.map((each) => [`malware ${each.rule} ${each.path} ${each.sha256}`, each]),
    );
    const secrets = new Map(
      report.secrets
        .filter(({ severity, suppressed }) => severity === 'critical' && suppressed === undefined)
        .map((each) => [`secret ${each.rule} ${each.path} ${each.line}`, each]),
    );
    const { told, fresh, beyond } = newKeys(
      toldOf(ledger, 'others'),
      [...malware.keys(), ...secrets.keys()],
      deps.mostTold,
    );
    // Whoever makes an image also makes its decoys: nothing is left out because there is much else.
    const subjects: AlertSubject[] = [fresh, beyond].flatMap((keys) => {
      const isBeyond = keys === beyond;
      const bad = [...malware].filter(([key]) => keys.has(key)).map(([, finding]) => finding);
      const open = [...secrets].filter(([key]) => keys.has(key)).map(([, finding]) => finding);
      return [
        ...(bad.length > (isBeyond ? 0 : ONE_BY_ONE)
          ? [{ kind: 'malwares', findings: bad, isBeyond } as const]
          : bad.map((finding) => ({ kind: 'malware', finding }) as const)),
        ...(open.length > (isBeyond ? 0 : ONE_BY_ONE)
          ? [{ kind: 'secrets', findings: open, isBeyond } as const]
          : open.map((finding) => ({ kind: 'secret', finding }) as const)),
      ];
    });
    if (subjects.length === 0) return 0;
    const alerts = from === 'off' ? [] : await alertsFor(id, subjects);
    await decide(id, withTold(ledger, 'others', told), alerts);
    return alerts.length;
  }

  async function matched(id: string, findings: readonly VulnerabilityFinding[]): Promise<number> {
    const setting = deps.settings().alertFrom;
    const from: Severity = setting === 'off' ? 'info' : setting;
    const ledger = await ledgerOf(id);
    const serious = findings.filter(
      ({ severity, suppressed }) => isAtLeast(severity, from) && suppressed === undefined,
    );
    const gravest = serious.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
    const noted = newKeys(
      toldOf(ledger, 'vulnerabilities'),
      gravest.map((finding) => finding.id),
      deps.mostTold,
    );
    const isSame = ledger.from !== 'off' && SEVERITIES.indexOf(ledger.from) >= SEVERITIES.indexOf(from);
    if (noted.fresh.size + noted.beyond.size === 0 && isSame) return 0;
    // Of severities that were not watched before nobody knows what is new.
    const floor = ledger.from;
    const toldOfThese = (ids: ReadonlySet<string>): readonly VulnerabilityFinding[] =>
      floor === 'off' || setting === 'off'
        ? []
        : serious.filter((finding) => ids.has(finding.id) && isAtLeast(finding.severity, floor));
    const fresh = toldOfThese(noted.fresh);
    const beyond = toldOfThese(noted.beyond);
    const byId = Map.groupBy(fresh, (finding) => finding.id);
    const subjects: AlertSubject[] = [
      ...(byId.size > ONE_BY_ONE
        ? [{ kind: 'vulnerabilities', findings: fresh, isBeyond: false } as const]
        : [...byId.values()].map((group) => ({ kind: 'vulnerability', findings: group }) as const)),
      ...(beyond.length > 0 ? [{ kind: 'vulnerabilities', findings: beyond, isBeyond: true } as const] : []),
    ];
    const alerts = await alertsFor(id, subjects);
    const kept = isSame ? ledger.from : from;
    await decide(id, { ...withTold(ledger, 'vulnerabilities', noted.told), from: kept }, alerts);
    return alerts.length;
  }

  return {
    scanned: (id, report) => alone(() => scanned(id, report)),
    matched: (id, findings) => alone(() => matched(id, findings)),
    forget: (id) => alone(async () => void (await state.commit([remove('scan-ledger', id)]))),
    async recover() {
      send();
    },
    async idle() {
      await last;
      for (let now = sending; now !== undefined; now = sending) await now;
    },
    get raised() {
      return raised;
    },
    stop() {
      isStopped = true;
      clearTimeout(retry);
    },
  };
}
