// Evaluates one batch of audit events: texts to documents to events to alerts, handed over in pieces.
import {
  type AuditAlert,
  type AuditEvent,
  auditAlert,
  auditEvent,
  auditIdentity,
  type Engine,
  readAudit,
} from '@guardcell/rules';
import type { SeenEvents } from './seen-events.ts';
import { boundedAlert } from './stored-alert.ts';
import type { BatchCounts, BatchForm } from './worker-messages.ts';

/** Alerts that are handed over at once; the next follow when these are durable. */
const PIECE = 200;
/** As much as the webhook takes; a log has its own, smaller limit for a line. */
const MAX_CHARS = 64 * 1024 * 1024;
const CLUSTER_NAME = 'kubernetes';

export interface JudgeDeps {
  readonly engine: Engine;
  readonly seen: SeenEvents;
  /** Number of the next event; evt.num. */
  nextNumber(): number;
  /** Resolves with whether the alerts are durable. */
  handOver(alerts: readonly AuditAlert[]): Promise<boolean>;
}

type Counts = { -readonly [Key in keyof BatchCounts]: BatchCounts[Key] };

function clusterOf({ payload }: AuditEvent): string {
  const annotations = payload.json['annotations'];
  const name =
    typeof annotations === 'object' && annotations !== null && 'cluster_name' in annotations
      ? annotations.cluster_name
      : undefined;
  return typeof name === 'string' && name !== '' ? name.slice(0, 200) : CLUSTER_NAME;
}

function* textsOf(text: string, form: BatchForm): Generator<string, void, void> {
  if (form === 'document') {
    yield text;
    return;
  }
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? undefined : end);
    if (line.trim() !== '') yield line;
    if (end < 0) return;
    from = end + 1;
  }
}

/** Stops at the first piece that cannot be stored: what was stored before counts as seen, the rest does not. */
export async function judgeBatch(bytes: Uint8Array, form: BatchForm, deps: JudgeDeps): Promise<BatchCounts> {
  const { engine, seen } = deps;
  const counts: Counts = { events: 0, duplicates: 0, ignored: 0, unreadable: 0, alerts: 0 };
  let piece: AuditAlert[] = [];

  async function flush(): Promise<boolean> {
    const ok = piece.length === 0 || (await deps.handOver(piece));
    if (ok) {
      counts.alerts += piece.length;
      seen.settle();
    } else seen.drop();
    piece = [];
    return ok;
  }

  function judge(document: unknown): void {
    const made = auditEvent(document, deps.nextNumber());
    if (!made.ok) {
      counts.ignored += 1;
      return;
    }
    const { event } = made;
    if (!seen.add(auditIdentity(event))) {
      counts.duplicates += 1;
      return;
    }
    counts.events += 1;
    engine.evaluate(event, (match) =>
      piece.push(boundedAlert(auditAlert(match, event, clusterOf(event)), event)),
    );
  }

  const text = new TextDecoder().decode(bytes);
  for (const one of textsOf(text, form)) {
    const { documents, problem } = readAudit(one, MAX_CHARS);
    if (problem !== undefined) counts.unreadable += 1;
    for (const document of documents) {
      judge(document);
      if (piece.length >= PIECE && !(await flush())) return counts;
    }
  }
  await flush();
  return counts;
}
