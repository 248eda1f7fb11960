// Evaluates Kubernetes audit events in a thread of its own, so that a busy cluster does not slow the API and console.
import { parentPort } from 'node:worker_threads';
import { CodedError } from '@guardcell/kit';
import { AUDIT_SOURCE, createEngine, type Engine, loadRules } from '@guardcell/rules';
import { judgeBatch } from './judge-batch.ts';
import { createSeenEvents } from './seen-events.ts';
import type { FromAuditWorker, ToAuditWorker } from './worker-messages.ts';

/** About 10 MB of identities; at 100 events a second ten minutes of them. */
const REMEMBERED = 65_536;
const ONLY_AUDIT: ReadonlySet<string> = new Set([AUDIT_SOURCE]);

const port = parentPort;
if (port === null) throw new CodedError('GC_INTERNAL', 'audit.worker.ts is a worker');

const seen = createSeenEvents(REMEMBERED);
let engine: Engine = createEngine(loadRules([]));
let number = 0;
let settle: ((ok: boolean) => void) | undefined;

function tell(message: FromAuditWorker): void {
  port?.postMessage(message);
}

async function judge(id: number, message: Extract<ToAuditWorker, { kind: 'batch' }>): Promise<void> {
  const counts = await judgeBatch(message.bytes, message.form, {
    engine,
    seen,
    nextNumber: () => {
      number += 1;
      return number;
    },
    handOver: (alerts) =>
      new Promise((done) => {
        settle = done;
        tell({ kind: 'alerts', id, alerts });
      }),
  });
  tell({ kind: 'done', id, counts });
}

port.on('message', (message: ToAuditWorker) => {
  switch (message.kind) {
    case 'policy': {
      const loaded = loadRules(message.files, {
        disabledRules: new Set(message.disabled),
        sources: ONLY_AUDIT,
      });
      engine = createEngine(loaded);
      const errors = loaded.problems.filter(({ level }) => level === 'error').length;
      tell({ kind: 'rules', enabled: engine.ruleCount, errors });
      return;
    }
    case 'batch':
      void judge(message.id, message);
      return;
    case 'stored':
      settle?.(message.ok);
      return;
  }
});
