// Brings appends that arrive while one is under way together into the next transaction: the longer a commit takes, the
// more it carries. Nothing waits for a timer, so a lone append is as fast as its commit.
import { storeError } from '../store-error.ts';

export interface Batch<Item> {
  readonly items: readonly Item[];
  readonly chars: number;
}

export interface AppendQueue<Item> {
  /**
   * Resolves with one result per item.
   * @throws CodedError GC_STORE_BUSY when too much is waiting; what writing threw.
   */
  add(batch: Batch<Item>): Promise<readonly number[]>;
  /** Runs `work` while nothing is written, before what is waiting. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Rejects what has not been begun; resolves when nothing is under way. */
  close(): Promise<void>;
}

export interface AppendQueueOptions<Item> {
  /** Most items of a transaction; a larger batch goes alone. */
  readonly mostItems: number;
  /** Most text that may wait, in UTF-16 units. */
  readonly mostChars: number;
  /** Writes all or nothing and gives one result per item. */
  readonly write: (items: readonly Item[]) => Promise<readonly number[]>;
}

interface Waiting<Item> extends Batch<Item> {
  readonly resolve: (results: readonly number[]) => void;
  readonly reject: (error: unknown) => void;
}

export function createAppendQueue<Item>({
  mostItems,
  mostChars,
  write,
}: AppendQueueOptions<Item>): AppendQueue<Item> {
  let waiting: Waiting<Item>[] = [];
  let waitingChars = 0;
  let under: Promise<unknown> = Promise.resolve();
  let pumping = false;
  let closed = false;

  function take(): Waiting<Item>[] {
    let items = 0;
    let end = 0;
    for (const batch of waiting) {
      if (end > 0 && items + batch.items.length > mostItems) break;
      items += batch.items.length;
      end += 1;
    }
    const taken = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return taken;
  }

  async function writeTaken(taken: readonly Waiting<Item>[]): Promise<void> {
    try {
      const results = await write(taken.flatMap((batch) => batch.items));
      let start = 0;
      for (const batch of taken) {
        batch.resolve(results.slice(start, start + batch.items.length));
        start += batch.items.length;
      }
    } catch (thrown) {
      for (const batch of taken) batch.reject(thrown);
    } finally {
      for (const batch of taken) waitingChars -= batch.chars;
    }
  }

  // One thing at a time: writes and lone work follow each other on this chain.
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = under.then(work);
    under = done.catch(() => undefined);
    return done;
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (waiting.length > 0) await inTurn(() => writeTaken(take()));
    pumping = false;
  }

  return {
    add(batch) {
      if (closed) return Promise.reject(storeError('GC_STORE_CLOSED', 'the store is closed'));
      if (waitingChars > 0 && waitingChars + batch.chars > mostChars) {
        return Promise.reject(
          storeError('GC_STORE_BUSY', 'more alerts are waiting to be stored than there is room for'),
        );
      }
      waitingChars += batch.chars;
      return new Promise((resolve, reject) => {
        waiting.push({ ...batch, resolve, reject });
        void pump();
      });
    },
    alone: inTurn,
    async close() {
      closed = true;
      const rejected = waiting;
      waiting = [];
      for (const batch of rejected) batch.reject(storeError('GC_STORE_CLOSED', 'the store is closed'));
      await under;
    },
  };
}
