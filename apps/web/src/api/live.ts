// The one live connection of this tab: alerts for whoever listens, and hints that make queries read again.
import type { Alert } from '@guardcell/core';
import type { QueryClient } from '@tanstack/react-query';
import { ENDPOINTS } from './endpoints.ts';
import type { Tag } from './queries.ts';

export type LiveState = 'connecting' | 'open' | 'closed';

/** What each kind of message makes stale. */
const STALE: Readonly<Record<string, readonly Tag[]>> = {
  alert: ['overview', 'event-counts'],
  action: ['actions', 'containers', 'overview'],
  container: ['containers', 'overview'],
  status: ['status'],
  gap: ['status', 'overview'],
  rules: ['rules', 'rule-files', 'status'],
  responses: ['responses'],
  scan: ['artifacts', 'vulnerabilities', 'vulnerability-data', 'registries', 'scan-jobs', 'acceptances'],
};
/** Hints of a busy platform are gathered, so that a screen is read again at most this often. */
const GATHER_MS = 1500;
const RETRY_MIN_MS = 1000;
const RETRY_MAX_MS = 30_000;

type AlertListener = (batch: readonly Alert[]) => void;

export interface Live {
  readonly state: () => LiveState;
  /** Called when the state changes; returns the way to stop. */
  readonly onState: (listener: () => void) => () => void;
  /** Called at most once per animation frame with what arrived; returns the way to stop. */
  readonly onAlerts: (listener: AlertListener) => () => void;
  readonly stop: () => void;
}

function parseAlert(data: string): Alert | undefined {
  try {
    const value = JSON.parse(data) as Alert;
    return typeof value.id === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Connects, and reconnects with growing pauses when the server refuses; the browser handles plain drops itself. */
export function startLive(client: QueryClient): Live {
  const stateListeners = new Set<() => void>();
  const alertListeners = new Set<AlertListener>();
  const stale = new Set<Tag>();
  let state: LiveState = 'connecting';
  let source: EventSource | undefined;
  let retryMs = RETRY_MIN_MS;
  let retryTimer = 0;
  let gatherTimer = 0;
  let frame = 0;
  let wasOpen = false;
  let pending: Alert[] = [];

  function setState(next: LiveState): void {
    if (state === next) return;
    state = next;
    for (const listener of stateListeners) listener();
  }

  function flushStale(): void {
    gatherTimer = 0;
    const tags = [...stale];
    stale.clear();
    for (const tag of tags) void client.invalidateQueries({ queryKey: [tag] });
  }

  function markStale(kind: string): void {
    for (const tag of STALE[kind] ?? []) stale.add(tag);
    if (stale.size > 0 && gatherTimer === 0) gatherTimer = window.setTimeout(flushStale, GATHER_MS);
  }

  function deliver(): void {
    frame = 0;
    const batch = pending;
    pending = [];
    for (const listener of alertListeners) listener(batch);
  }

  function receive(kind: string, data: string): void {
    if (kind === 'alert') {
      const alert = parseAlert(data);
      if (alert !== undefined && alertListeners.size > 0) {
        pending.push(alert);
        if (frame === 0) frame = requestAnimationFrame(deliver);
      }
    }
    markStale(kind);
  }

  function connect(): void {
    retryTimer = 0;
    setState('connecting');
    source = new EventSource(ENDPOINTS.streamEvents.split(' ')[1] ?? '');
    source.addEventListener('open', () => {
      retryMs = RETRY_MIN_MS;
      setState('open');
      // What happened while we were away was not seen live: read everything that is on screen again.
      if (wasOpen) void client.invalidateQueries();
      wasOpen = true;
    });
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) {
        setState('connecting');
        return;
      }
      setState('closed');
      retryTimer = window.setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
    });
    for (const kind of Object.keys(STALE)) {
      source.addEventListener(kind, (event) => receive(kind, (event as MessageEvent<string>).data));
    }
  }

  connect();
  return {
    state: () => state,
    onState: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    onAlerts: (listener) => {
      alertListeners.add(listener);
      return () => alertListeners.delete(listener);
    },
    stop: () => {
      source?.close();
      clearTimeout(retryTimer);
      clearTimeout(gatherTimer);
      cancelAnimationFrame(frame);
    },
  };
}
