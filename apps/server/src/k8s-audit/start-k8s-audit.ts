// Puts the inputs of Kubernetes audit events together: webhook, log file, one evaluation, the store.
import type { DesiredPolicy } from '@guardcell/core';
import type { Clock, Logger } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import type { Ingest } from '../ingest/ingest.ts';
import { put, read } from '../stored.ts';
import { type AlertStream, createAlertStream } from './alert-stream.ts';
import { type AuditEvaluator, createAuditEvaluator } from './evaluator.ts';
import { type LogTail, startLogTail, type TailPosition } from './log-tail.ts';

/** Names of the streams: what alerts and gaps of audit events say they come from. */
const WEBHOOK_SENSOR = 'k8s-audit';
const LOG_SENSOR = 'k8s-audit-log';

export interface K8sAuditDeps {
  readonly state: StateStore;
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface K8sAudit {
  readonly evaluator: AuditEvaluator;
  readonly webhookStream: AlertStream;
  setPolicy(policy: DesiredPolicy): void;
  /** Follows a log from where it was left, else from its beginning. */
  follow(path: string): Promise<void>;
  stop(): Promise<void>;
}

/** What is kept of a log: the next alert's place goes with the position, so that both repeat alike after a crash. */
interface TailDocument extends TailPosition {
  readonly epoch: number;
  readonly nextSeq: number;
}

export function startK8sAudit(deps: K8sAuditDeps): K8sAudit {
  const { state, ingest, clock, logger } = deps;
  const evaluator = createAuditEvaluator(logger);
  const tails: LogTail[] = [];

  async function follow(path: string): Promise<void> {
    const known = (await read<TailDocument>(state, 'k8s-audit-log', path))?.value;
    const epoch = known?.epoch ?? clock.nowMs();
    const stream = createAlertStream(ingest, LOG_SENSOR, epoch, known?.nextSeq ?? 1);
    const tail = startLogTail({
      path,
      start: known,
      clock,
      logger,
      async take(bytes) {
        const result = await evaluator.submit({
          form: 'lines',
          bytes,
          store: (alerts) => stream.store(alerts),
        });
        if (result.state === 'refused') {
          const nowMs = clock.nowMs();
          await stream.gap(nowMs, nowMs, 'audit-batch-failed', -1);
        }
        return result.state === 'stored' || result.state === 'refused';
      },
      async keep({ mark, offset, atMs }) {
        const document: TailDocument = { mark, offset, atMs, epoch, nextSeq: stream.nextSeq() };
        await state.commit([put('k8s-audit-log', path, document)]);
      },
      lost: (fromMs, toMs, reason, lost) => stream.gap(fromMs, toMs, reason, lost),
    });
    tails.push(tail);
    logger.info('following the audit log of an API server', { path, offset: known?.offset ?? 0 });
  }

  return {
    evaluator,
    // A stream for each start of the server: what was sent before has its places already.
    webhookStream: createAlertStream(ingest, WEBHOOK_SENSOR, clock.nowMs(), 1),
    setPolicy: (policy) => evaluator.setPolicy(policy),
    follow,
    async stop() {
      // The evaluation first: a tail that waits for it then comes to its end.
      const stopped = Promise.all(tails.map((tail) => tail.stop()));
      await evaluator.stop();
      await stopped;
    },
  };
}
