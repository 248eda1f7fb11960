// The live tail of the events list: what has arrived, what waits while paused, how fast it comes.
import { type Alert, matchesQuery } from '@guardcell/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { markRate, NO_RATE, pushBatch, ratePerSecond } from '../../api/live-buffer.ts';
import { useLiveAlerts } from '../../api/live-context.tsx';
import { type EventsSearch, followsNow, liveQuery } from './events-search.ts';

export interface Tail {
  /** Newest first; they belong before the fetched ones. */
  readonly shown: readonly Alert[];
  readonly waiting: readonly Alert[];
  /** What did not fit any more. */
  readonly dropped: number;
  readonly perSecond: number;
  /** Whether the range ends now. */
  readonly possible: boolean;
  readonly paused: boolean;
  /** Shows what waits. */
  readonly release: () => void;
  /** The reader has scrolled away from the top: hold new rows back so that nothing moves. */
  readonly setAway: (away: boolean) => void;
}

interface State {
  readonly shown: readonly Alert[];
  readonly waiting: readonly Alert[];
  readonly dropped: number;
}

const EMPTY: State = { shown: [], waiting: [], dropped: 0 };
const RATE_FADE_MS = 1000;

export function useTail(search: EventsSearch): Tail {
  const query = useMemo(() => liveQuery(search), [search]);
  const possible = followsNow(search);
  const paused = search.tail === 'paused';
  const away = useRef(false);
  const filterKey = useMemo(() => JSON.stringify({ ...search, tail: '' }), [search]);
  const [state, setState] = useState<State & { readonly key: string }>({ ...EMPTY, key: filterKey });
  const [meter, setMeter] = useState(NO_RATE);
  // Another filter starts another list; the fetched pages hold what came before.
  if (state.key !== filterKey) setState({ ...EMPTY, key: filterKey });

  useLiveAlerts((batch) => {
    if (!possible) return;
    const fitting = batch.filter((alert) => matchesQuery(alert, query));
    if (fitting.length === 0) return;
    setMeter((old) => markRate(old, performance.now(), fitting.length));
    setState((old) => {
      const hold = paused || away.current;
      const { items, dropped } = pushBatch(hold ? old.waiting : old.shown, fitting);
      return { ...old, ...(hold ? { waiting: items } : { shown: items }), dropped: old.dropped + dropped };
    });
  });
  useEffect(() => {
    if (meter.marks.length === 0) return undefined;
    const timer = setTimeout(() => setMeter((old) => markRate(old, performance.now(), 0)), RATE_FADE_MS);
    return () => clearTimeout(timer);
  }, [meter]);

  const release = useCallback(() => {
    setState((old) => {
      const { items, dropped } = pushBatch(old.shown, old.waiting.toReversed());
      return { ...old, shown: items, waiting: [], dropped: old.dropped + dropped };
    });
  }, []);
  const wasPaused = useRef(paused);
  useEffect(() => {
    if (wasPaused.current && !paused) release();
    wasPaused.current = paused;
  }, [paused, release]);
  const setAway = useCallback((next: boolean) => {
    away.current = next;
  }, []);
  return {
    shown: state.shown,
    waiting: state.waiting,
    dropped: state.dropped,
    perSecond: ratePerSecond(meter, performance.now()),
    possible,
    paused,
    release,
    setAway,
  };
}
