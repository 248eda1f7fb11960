// Has artifacts matched again when their containers can be reached otherwise than their findings say: at once when it is by
// more, and when it is by fewer only if that lasts, since many containers come and go every minute.
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { ScanStore } from '@guardcell/store';

export interface ExposureWatch {
  /** What runs has changed. */
  changed(): void;
  /** Call it every few seconds. */
  tick(): void;
  idle(): Promise<void>;
}

const LASTS_MS = 10 * 60_000;

export function watchExposure(
  store: () => Promise<Pick<ScanStore, 'exposureChanges'>>,
  request: (ids: readonly string[]) => void,
  clock: Clock,
  logger: Logger,
): ExposureWatch {
  /** Since when artifacts have been less exposed than their findings say, ms. */
  const less = new Map<string, number>();
  let isStale = false;
  let work: Promise<void> | undefined;

  async function look(): Promise<void> {
    while (isStale) {
      isStale = false;
      const changes = await (await store()).exposureChanges();
      const nowMs = clock.nowMs();
      const lasting = new Map(
        changes.filter(({ isLess }) => isLess).map(({ id }) => [id, less.get(id) ?? nowMs]),
      );
      less.clear();
      for (const [id, sinceMs] of lasting) if (nowMs - sinceMs < LASTS_MS) less.set(id, sinceMs);
      const due = changes.filter(({ id, isLess }) => !isLess || !less.has(id));
      if (due.length > 0) request(due.map(({ id }) => id));
    }
  }

  function changed(): void {
    isStale = true;
    work ??= look()
      .catch((thrown: unknown) =>
        logger.warn('how far containers can be reached is not up to date', { ...errorFacts(thrown) }),
      )
      .finally(() => {
        work = undefined;
      });
  }

  return {
    changed,
    tick() {
      const nowMs = clock.nowMs();
      if ([...less.values()].some((sinceMs) => nowMs - sinceMs >= LASTS_MS)) changed();
    },
    async idle() {
      for (let now = work; now !== undefined; now = work) await now;
    },
  };
}
