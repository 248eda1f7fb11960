// Keeps one runtime socket connected: waits for it to appear, connects, lists, watches, and starts over when it is lost.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerRuntime, RuntimeReport } from '@guardcell/core';
import { CodedError, errorFacts, type Logger } from '@guardcell/kit';
import type { RuntimeChange, RuntimeConnection, RuntimePlugin } from './runtime-plugin.ts';

const SOCKET_POLL_MS = 1000;
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 15_000;
/** The socket answers but not with what we need (CRI switched off): look again now and then. */
const UNSUPPORTED_BACKOFF_MS = 60_000;

export interface RuntimeLink {
  readonly runtime: ContainerRuntime;
  readonly socket: string;
  /** The connection while there is one. */
  connection(): RuntimeConnection | undefined;
  socketExists(): boolean;
  report(): RuntimeReport;
  /** Settles when the first attempt has succeeded, failed, or there was no socket. */
  readonly tried: Promise<void>;
}

export interface LinkOptions {
  readonly plugin: RuntimePlugin;
  readonly socket: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly isConnected: (runtime: ContainerRuntime) => boolean;
  readonly onChange: (link: RuntimeLink, change: RuntimeChange) => void;
  /** Every container the runtime has now: what is not in it and came from this link is gone. */
  readonly onListed: (link: RuntimeLink, containers: readonly Container[]) => void;
}

interface LinkState {
  connection: RuntimeConnection | undefined;
  version: string;
  detail: string;
  present: boolean;
}

export function openLink(options: LinkOptions): RuntimeLink {
  const { plugin, socket, signal } = options;
  const logger = options.logger.child({ runtime: plugin.runtime, socket });
  const tried = Promise.withResolvers<void>();
  const state: LinkState = { connection: undefined, version: '', detail: 'not tried yet', present: false };
  const link: RuntimeLink = {
    runtime: plugin.runtime,
    socket,
    connection: () => state.connection,
    socketExists: () => state.present,
    tried: tried.promise,
    report: () => ({
      runtime: plugin.runtime,
      socket,
      connected: state.connection !== undefined,
      detail: state.detail,
      version: state.version,
    }),
  };

  /** One connection from beginning to end; returns why it ended. */
  async function live(): Promise<string> {
    const hangUp = new AbortController();
    const connection = await plugin.connect({
      socket,
      logger,
      signal: AbortSignal.any([signal, hangUp.signal]),
      isConnected: options.isConnected,
      onChange: (change) => options.onChange(link, change),
    });
    try {
      // From here on others may ask this connection, also about what its own list reports as new.
      Object.assign(state, { connection, version: connection.version, detail: '' });
      const containers = await connection.list();
      options.onListed(link, containers);
      logger.info('container runtime connected', {
        version: connection.version,
        containers: containers.length,
      });
      tried.resolve();
      return await connection.ended;
    } finally {
      state.connection = undefined;
      hangUp.abort();
      connection.close();
    }
  }

  async function keepAlive(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!signal.aborted) {
      state.present = existsSync(socket);
      if (!state.present) {
        state.detail = `there is no socket at ${socket}`;
        tried.resolve();
        await sleep(SOCKET_POLL_MS, undefined, { signal, ref: false });
        continue;
      }
      const startedAtMs = Date.now();
      let waitMs = backoffMs;
      try {
        state.detail = await live();
        if (!signal.aborted) logger.warn('container runtime lost', { detail: state.detail });
      } catch (error) {
        const { code, message, hint } = errorFacts(error);
        state.detail = hint === '' ? message : `${message} (${hint})`;
        if (error instanceof CodedError && code === 'GC_RUNTIME_UNSUPPORTED') waitMs = UNSUPPORTED_BACKOFF_MS;
        else logger.warn('container runtime does not answer', { code, detail: message });
      }
      tried.resolve();
      backoffMs = Date.now() - startedAtMs > LAST_BACKOFF_MS ? FIRST_BACKOFF_MS : backoffMs * 2;
      backoffMs = Math.min(backoffMs, LAST_BACKOFF_MS);
      await sleep(waitMs, undefined, { signal, ref: false });
    }
  }

  // Only the abort signal ends it; sleeping then rejects, which is the wanted end.
  void keepAlive().catch(() => tried.resolve());
  return link;
}
