// Entry of a helper process: does what it is told, each piece of work loaded when it is first asked for.
import { enableCompileCache } from 'node:module';
import { errorFacts } from '@guardcell/kit';
import type { FromHelper, ToHelper, Work } from './protocol.ts';
import type { WorkName } from './work-types.ts';

enableCompileCache();
process.umask(0o077);

const WORK: { readonly [Name in WorkName]: () => Promise<Work<Name>> } = {
  scanRegistry: async () => (await import('../work/scan-registry.ts')).scanRegistryWork,
  checkRegistry: async () => (await import('../work/check-registry.ts')).checkRegistry,
  databaseFacts: async () => (await import('../work/databases.ts')).databaseFacts,
  vulnerabilityFacts: async () => (await import('../work/databases.ts')).vulnerabilityFacts,
  match: async () => (await import('../work/match.ts')).match,
  readUpload: async () => (await import('../work/read-upload.ts')).readUpload,
  writeReport: async () => (await import('../work/write-report.ts')).writeReport,
  localizeFindings: async () => (await import('../work/localize-findings.ts')).localizeFindings,
  updateDatabase: async () => (await import('../work/update-database.ts')).updateDatabase,
};

const running = new Map<number, AbortController>();
const asked = new Map<string, (value: never) => void>();
let lastAsk = 0;

function tell(message: FromHelper): void {
  if (process.connected) process.send?.(message, () => undefined);
}

async function run({ id, name, input }: Extract<ToHelper, { kind: 'call' }>): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  const { signal } = stop;
  try {
    const work = (await WORK[name]()) as Work<WorkName>;
    const value = await work(input as never, {
      signal,
      ask(value) {
        signal.throwIfAborted();
        lastAsk += 1;
        const ask = lastAsk;
        return new Promise((done, fail) => {
          const onAbort = (): void => {
            asked.delete(`${id} ${ask}`);
            fail(signal.reason as Error);
          };
          signal.addEventListener('abort', onAbort, { once: true });
          asked.set(`${id} ${ask}`, (answer: never) => {
            signal.removeEventListener('abort', onAbort);
            done(answer);
          });
          tell({ kind: 'ask', id, ask, value });
        });
      },
    });
    tell({ kind: 'done', id, value });
  } catch (thrown) {
    tell({ kind: 'failed', id, error: errorFacts(thrown) });
  } finally {
    running.delete(id);
  }
}

process.on('message', (message: ToHelper) => {
  if (message.kind === 'call') void run(message);
  else if (message.kind === 'abort') running.get(message.id)?.abort(new Error('the work was ended'));
  else {
    const key = `${message.id} ${message.ask}`;
    const done = asked.get(key);
    asked.delete(key);
    done?.(message.value as never);
  }
});
// Nobody waits for the results any more.
process.on('disconnect', () => process.exit(0));
