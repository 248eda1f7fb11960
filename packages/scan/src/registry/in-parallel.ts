// Work on the items of a stream, some at a time, with results as they are ready.

type Event<T, R> =
  | { readonly kind: 'item'; readonly item: IteratorResult<T> }
  | { readonly kind: 'result'; readonly run: Promise<Event<T, R>>; readonly result: R };

/**
 * Results in the order in which they are ready. Nothing is taken from the source that nobody has time for, and at
 * most `parallel` results wait for the reader. What the source or `work` throws ends the stream.
 */
export async function* inParallel<T, R>(
  source: AsyncIterable<T>,
  parallel: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const items = source[Symbol.asyncIterator]();
  const running = new Set<Promise<Event<T, R>>>();
  let next: Promise<Event<T, R>> | undefined;
  let hasEnded = false;

  function start(item: T): void {
    const run: Promise<Event<T, R>> = work(item).then((result) => ({ kind: 'result', run, result }));
    // When the reader has gone nobody waits for it any more.
    run.catch(() => undefined);
    running.add(run);
  }

  try {
    for (;;) {
      if (!hasEnded && running.size < parallel) {
        next ??= items.next().then((item) => ({ kind: 'item', item }));
        next.catch(() => undefined);
      }
      const open = next === undefined ? [...running] : [...running, next];
      if (open.length === 0) return;
      const event = await Promise.race(open);
      if (event.kind === 'result') {
        running.delete(event.run);
        yield event.result;
        continue;
      }
      next = undefined;
      if (event.item.done === true) hasEnded = true;
      else start(event.item.value);
    }
  } finally {
    // Not waited for: the source may be in the middle of something that its own signal ends.
    items.return?.().catch(() => undefined);
  }
}
