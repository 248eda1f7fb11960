// Entry of the server process, started by `guardcell up`: options in, `ready` or `failed` out over IPC, stops in time.
import { enableCompileCache } from 'node:module';
import { errorFacts, processLogger } from '@guardcell/kit';
import { parseServerOptions } from './options.ts';
import type { Server } from './server.ts';

enableCompileCache();
// Whatever this process creates is nobody else's business.
process.umask(0o077);

const STOP_MS = 2800;
const EXIT_FAILED = 1;

const logger = processLogger({ process: 'server' });

function tell(message: Readonly<Record<string, unknown>>): void {
  if (process.connected) process.send?.(message, () => undefined);
}

/** The start-up failed: said in one structured line and to the parent. */
async function fail(thrown: unknown): Promise<never> {
  const facts = errorFacts(thrown);
  logger.error('the server cannot start', { ...facts });
  const message = { kind: 'failed', ...facts };
  await new Promise<void>((done) => {
    if (process.send === undefined || !process.connected) done();
    else process.send(message, () => done());
  });
  return process.exit(EXIT_FAILED);
}

let server: Server | undefined;
let stopping = false;

function stop(reason: string): void {
  if (stopping) return;
  stopping = true;
  logger.info('stopping', { reason });
  // Whatever hangs must not keep the supervisor waiting: what is acknowledged is durable already.
  setTimeout(() => process.exit(0), STOP_MS).unref();
  void Promise.resolve(server?.close()).finally(() => process.exit(0));
}

process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
process.on('disconnect', () => stop('the supervisor is gone'));
process.on('uncaughtException', (error) => {
  // The state in memory may be wrong now; the supervisor starts a clean process, and nothing acknowledged is lost.
  logger.error('an unforeseen error ended the server', { stack: error.stack });
  process.exit(EXIT_FAILED);
});

try {
  const options = parseServerOptions(process.argv.slice(2), process.env);
  const { startServer } = await import('./server.ts');
  server = await startServer(options, { logger });
  const { url, adminPassword } = server;
  if (stopping) await server.close();
  else logger.info('listening', { url });
  if (adminPassword !== undefined && process.send === undefined) {
    process.stderr.write(`First start: sign in as admin with the password ${adminPassword}\n`);
    await server.platform.firstPassword.forget();
  }
  tell({ kind: 'ready', url, ...(adminPassword !== undefined && { adminPassword }) });
} catch (thrown) {
  await fail(thrown);
}
