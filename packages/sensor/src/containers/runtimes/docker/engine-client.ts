// HTTP over the Docker Engine's Unix socket with bounded answers. Spec: docs.docker.com/reference/api/engine.
import { Agent, type IncomingMessage, request } from 'node:http';
import { CodedError } from '@guardcell/kit';
import { numberOf, objectOf, parseJson, textOf } from '../../json-fields.ts';

/** An answer larger than this is refused; a thousand containers are about 2 MB in a list. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const ANSWER_TIMEOUT_MS = 10_000;
/** At most this many questions at once, so that a burst of containers does not load the engine. */
const MAX_CONNECTIONS = 8;
/** The newest version this client is written for; older engines are spoken to in theirs. */
const PREFERRED_VERSION = '1.47';
const OLDEST_VERSION = '1.24';

export interface EngineAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface EngineClient {
  readonly engineVersion: string;
  /** The agreed version of the API: `1.41`. */
  readonly apiVersion: string;
  ask(method: 'GET' | 'POST', path: string, signal?: AbortSignal, timeoutMs?: number): Promise<EngineAnswer>;
  /** An endless answer; the caller destroys it. */
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

function unreachable(socket: string, cause: unknown): CodedError<'GC_RUNTIME_UNREACHABLE'> {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new CodedError('GC_RUNTIME_UNREACHABLE', `docker does not answer: ${detail}`, {
    at: socket,
    hint: 'Check that the Docker daemon runs and that Guardcell may open its socket.',
    cause,
  });
}

function open(
  socket: string,
  agent: Agent,
  method: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath: socket,
      path,
      method,
      agent,
      headers: { host: 'docker', ...(method === 'POST' ? { 'content-length': 0 } : {}) },
      ...(signal === undefined ? {} : { signal }),
    });
    outgoing.on('response', resolve);
    outgoing.on('error', (cause) => reject(unreachable(socket, cause)));
    outgoing.end();
  });
}

async function readAll(socket: string, answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_ANSWER_BYTES) {
        throw new CodedError('GC_RUNTIME_ANSWER', `docker's answer exceeds ${MAX_ANSWER_BYTES} bytes`, {
          at: socket,
        });
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw unreachable(socket, cause);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function compareVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

/**
 * The API version to speak with an engine that offers `newest` and at least `oldest`; undefined when there is none
 * that both sides know.
 */
export function agreeOnVersion(newest: string, oldest: string): string | undefined {
  const version = compareVersions(newest, PREFERRED_VERSION) < 0 ? newest : PREFERRED_VERSION;
  if (compareVersions(version, OLDEST_VERSION) < 0) return undefined;
  return compareVersions(version, oldest) < 0 ? undefined : version;
}

/**
 * Connects and agrees on an API version.
 * @throws CodedError GC_RUNTIME_UNREACHABLE, GC_RUNTIME_ANSWER (too large, not docker, too old).
 */
export async function openEngine(socket: string, signal: AbortSignal): Promise<EngineClient> {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS, keepAliveMsecs: 5000 });
  const streams = new Agent({ keepAlive: false });

  async function ask(
    method: string,
    path: string,
    caller: AbortSignal,
    timeoutMs: number,
  ): Promise<EngineAnswer> {
    const limit = AbortSignal.any([caller, AbortSignal.timeout(timeoutMs)]);
    const answer = await open(socket, agent, method, path, limit);
    const text = await readAll(socket, answer);
    return { status: answer.statusCode ?? 0, body: parseJson(text) };
  }

  try {
    const { body } = await ask('GET', '/version', signal, ANSWER_TIMEOUT_MS);
    const version = objectOf(body);
    const apiVersion = agreeOnVersion(
      textOf(version['ApiVersion']),
      textOf(version['MinAPIVersion']) || '1.0',
    );
    if (apiVersion === undefined) {
      throw new CodedError(
        'GC_RUNTIME_ANSWER',
        'no version of the Docker Engine API is known to both sides',
        {
          at: socket,
          hint: `Guardcell speaks ${OLDEST_VERSION} to ${PREFERRED_VERSION}; update Docker or Guardcell.`,
        },
      );
    }
    return {
      engineVersion: textOf(version['Version']),
      apiVersion,
      ask: (method, path, caller = signal, timeoutMs = ANSWER_TIMEOUT_MS) =>
        ask(method, `/v${apiVersion}${path}`, caller, timeoutMs),
      stream: (path, caller) => open(socket, streams, 'GET', `/v${apiVersion}${path}`, caller),
      close: () => {
        agent.destroy();
        streams.destroy();
      },
    };
  } catch (error) {
    agent.destroy();
    throw error;
  }
}

/** What the engine says went wrong, as an error to throw. */
export function engineFailure(answer: EngineAnswer, what: string): CodedError<'GC_RUNTIME_REFUSED'> {
  const said = textOf(objectOf(answer.body)['message']) || `status ${numberOf(answer.status)}`;
  return new CodedError('GC_RUNTIME_REFUSED', `docker refused to ${what}: ${said}`);
}
