// What the Docker Engine can do to a container.
import type { RuntimeControl } from '../../runtime-plugin.ts';
import { type EngineClient, engineFailure } from './engine-client.ts';

/** Freezing waits for every task of the container to reach a stopping point. */
const FREEZE_TIMEOUT_MS = 20_000;
const STOP_EXTRA_MS = 15_000;

/** Actions on containers of this engine. @throws CodedError GC_RUNTIME_REFUSED, GC_RUNTIME_UNREACHABLE. */
export function dockerControl(engine: EngineClient): RuntimeControl {
  async function post(
    id: string,
    verb: string,
    what: string,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<void> {
    const path = `/containers/${encodeURIComponent(id)}/${verb}`;
    const answer = await engine.ask('POST', path, signal, timeoutMs);
    // 304: it is in that state already.
    if (answer.status >= 300 && answer.status !== 304) throw engineFailure(answer, what);
  }
  return {
    mechanism: 'docker-api',
    pause: (id, signal) => post(id, 'pause', 'pause the container', signal, FREEZE_TIMEOUT_MS),
    resume: (id, signal) => post(id, 'unpause', 'resume the container', signal, FREEZE_TIMEOUT_MS),
    stop: (id, graceSeconds, signal) =>
      post(id, `stop?t=${graceSeconds}`, 'stop the container', signal, graceSeconds * 1000 + STOP_EXTRA_MS),
  };
}
