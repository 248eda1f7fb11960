// Hands the tab's live connection to the components below.
import type { Alert } from '@guardcell/core';
import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { type Live, type LiveState, startLive } from './live.ts';

const LiveContext = createContext<Live | null>(null);

/** Connects while mounted, that is while somebody is signed in. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    const started = startLive(client);
    setLive(started);
    return started.stop;
  }, [client]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

const NEVER = (): (() => void) => () => undefined;

export function useLiveState(): LiveState {
  const live = useContext(LiveContext);
  return useSyncExternalStore(live?.onState ?? NEVER, () => live?.state() ?? 'connecting');
}

/** Calls `listener` with each batch of alerts while mounted. */
export function useLiveAlerts(listener: (batch: readonly Alert[]) => void): void {
  const live = useContext(LiveContext);
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => live?.onAlerts((batch) => latest.current(batch)), [live]);
}
