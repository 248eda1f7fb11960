// When the kernel may forget events: as soon as every alert of them is in the spool and none of them waits for the
// metadata of its container. Until then they are delivered again to the agent that comes after a crash.

/** Ends of batches that are remembered; with more, the oldest are freed together with later ones. */
const MARKS_MAX = 4096;

export interface CommitGateOptions {
  /** Frees everything up to the end of this batch. */
  readonly commit: (batch: number) => void;
  /** The batch of the oldest event that waits to be judged; undefined when none does. */
  readonly oldestWaiting: () => number | undefined;
}

export interface CommitGate {
  /** The batch that is being delivered. */
  readonly current: number;
  /** Alerts leave for the spool; returns the number of their message. */
  sent(): number;
  /** All messages up to this one are in the spool. */
  spooled(message: number): void;
  /** All events of the batch were judged or wait, and their alerts have left. */
  batchEnded(batch: number): void;
  /** Events that waited were judged, and their alerts have left. */
  released(): void;
  /** Whether nothing is on its way to the spool. */
  isQuiet(): boolean;
}

interface Mark {
  readonly batch: number;
  /** Must be in the spool first. */
  message: number;
}

export function createCommitGate({ commit, oldestWaiting }: CommitGateOptions): CommitGate {
  const marks: Mark[] = [];
  let current = 1;
  let lastSent = 0;
  let lastSpooled = 0;

  function advance(): void {
    if (marks.length === 0) return;
    const oldest = oldestWaiting() ?? Number.POSITIVE_INFINITY;
    let free = 0;
    for (const mark of marks) {
      if (mark.message > lastSpooled || mark.batch >= oldest) break;
      free++;
    }
    const [last] = marks.splice(0, free).slice(-1);
    if (last !== undefined) commit(last.batch);
  }

  return {
    get current() {
      return current;
    },
    sent: () => ++lastSent,
    spooled(message) {
      lastSpooled = Math.max(lastSpooled, message);
      advance();
    },
    batchEnded(batch) {
      current = batch + 1;
      marks.push({ batch, message: lastSent });
      if (marks.length > MARKS_MAX) marks.shift();
      advance();
    },
    released() {
      // The alerts may be of any batch that is not free yet.
      for (const mark of marks) mark.message = lastSent;
      advance();
    },
    isQuiet: () => lastSpooled === lastSent,
  };
}
