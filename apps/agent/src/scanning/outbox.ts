// Reports on their way to the server: gzip'd files in the data folder, sent one after the other, gone when the server has them.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { ScanUpload } from '@guardcell/contract';
import { errorFacts, type Logger } from '@guardcell/kit';

const FILES_MAX = 200;
const BYTES_MAX = 256 * 1024 * 1024;
const RETRY_MIN_MS = 1000;
const RETRY_MAX_MS = 60_000;
const ENDING = '.json.gz';

export interface Outbox {
  /** A name that is free: write the gzip'd upload there under another ending, then rename it to this. */
  newFile(requestId: string): string;
  put(upload: ScanUpload): void;
  /** A file was added. */
  wake(): void;
  /** Whether the answer to this request is on its way. */
  holds(requestId: string): boolean;
  stop(): Promise<void>;
}

/** Ids come from the server; as a part of a file name they are only compared. */
function requestPart(requestId: string): string {
  return encodeURIComponent(requestId).replaceAll('%', '=').slice(0, 120);
}

/** @param send gives the HTTP status; throws when the server does not answer. */
export function openOutbox(
  folder: string,
  send: (file: string) => Promise<number>,
  nowMs: () => number,
  logger: Logger,
): Outbox {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // What was being written when the agent was killed.
  for (const name of readdirSync(folder)) if (!name.endsWith(ENDING)) rmSync(join(folder, name));
  const stopped = new AbortController();
  let sequence = 0;
  let wakeUp: () => void = () => undefined;

  function names(): readonly string[] {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .sort();
  }

  function trim(): void {
    let bytes = 0;
    for (const [index, name] of names().toReversed().entries()) {
      const file = join(folder, name);
      bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (index < FILES_MAX && bytes <= BYTES_MAX) continue;
      rmSync(file, { force: true });
      logger.warn('a scan was dropped: the server has not taken scans for long', { file: name });
    }
  }

  /** Whether the file is done with. */
  async function deliver(name: string): Promise<boolean> {
    const file = join(folder, name);
    const status = await send(file);
    if (status >= 400 && (status >= 500 || status === 401 || status === 408 || status === 429)) return false;
    if (status >= 300) logger.error('the server refuses a scan', { status, file: name });
    rmSync(file, { force: true });
    return true;
  }

  async function loop(): Promise<void> {
    let retryMs = RETRY_MIN_MS;
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>((done) => {
        wakeUp = done;
      });
      trim();
      const [name] = names();
      if (name === undefined) {
        await woken;
        continue;
      }
      let isDone = false;
      try {
        isDone = await deliver(name);
      } catch (thrown) {
        logger.debug('scans wait for the server', { ...errorFacts(thrown), retryMs });
      }
      if (isDone) {
        retryMs = RETRY_MIN_MS;
        continue;
      }
      await sleep(retryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
    }
  }

  const ended = loop().catch((thrown: unknown) =>
    logger.error('scans are no longer sent', { ...errorFacts(thrown) }),
  );

  function newFile(requestId: string): string {
    const time = String(nowMs()).padStart(15, '0');
    const order = String(sequence++ % 1_000_000).padStart(6, '0');
    return join(folder, `${time}-${order}-${requestPart(requestId)}${ENDING}`);
  }

  return {
    newFile,
    put(upload) {
      const file = newFile(upload.requestId);
      writeFileSync(`${file}.new`, gzipSync(JSON.stringify(upload)), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      wakeUp();
    },
    wake: () => wakeUp(),
    holds: (requestId) => names().some((name) => name.endsWith(`-${requestPart(requestId)}${ENDING}`)),
    async stop() {
      stopped.abort();
      wakeUp();
      await ended;
    },
  };
}
