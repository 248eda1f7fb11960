// When this agent last was alive, kept as the time of a file, so that the next start can declare the time between.
import { closeSync, futimesSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorFacts, type Logger } from '@guardcell/kit';

const BEAT_MS = 1000;

export interface LastAlive {
  /** Last sign of life of the agent before this one, ms since 1970; undefined on the first start. */
  readonly previousMs: number | undefined;
  /** Marks the time from now on, once a second. */
  start(): void;
  stop(): void;
}

export function openLastAlive(dataDir: string, nowMs: () => number, logger: Logger): LastAlive {
  const file = join(dataDir, 'alive');
  const previousMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  let timer: NodeJS.Timeout | undefined;

  function beat(): void {
    try {
      const fd = openSync(file, 'a', 0o600);
      futimesSync(fd, nowMs() / 1000, nowMs() / 1000);
      closeSync(fd);
    } catch (thrown) {
      // A full disk: the gap that the next start declares only begins earlier.
      logger.debug('the sign of life was not written', { ...errorFacts(thrown) });
    }
  }

  return {
    previousMs,
    start() {
      beat();
      timer = setInterval(beat, BEAT_MS);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      if (timer !== undefined) beat();
    },
  };
}
