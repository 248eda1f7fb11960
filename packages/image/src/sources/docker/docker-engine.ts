// The Docker Engine's API for reading images. Spec: Docker Engine API 1.41 and later.
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readBounded } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import { objectOf, parseJson, textOf } from '../json-fields.ts';

const DEFAULT_HOST = 'unix:///var/run/docker.sock';
const ANSWER_TIMEOUT_MS = 30_000;
/** Before the first byte of an image dockerd collects all its layers. */
const EXPORT_TIMEOUT_MS = 600_000;
const MAX_JSON_BYTES = 16 * 1024 * 1024;

export interface DockerEngine {
  /** Parsed JSON; undefined when there is no such thing. @throws CodedError GC_IMAGE_STORE. */
  json(path: string): Promise<unknown>;
  /** A stream of bytes. @throws CodedError GC_IMAGE_STORE, GC_IMAGE_NOT_FOUND. */
  stream(path: string): AsyncIterable<Uint8Array>;
}

type Environment = Readonly<Record<string, string | undefined>>;

function tlsOf(env: Environment): RequestOptions & Record<string, unknown> {
  const folder = env['DOCKER_CERT_PATH'] ?? join(env['HOME'] ?? homedir(), '.docker');
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  return { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') };
}

interface Target {
  readonly request: typeof httpRequest;
  readonly options: RequestOptions;
}

function targetOf(host: string, env: Environment): Target {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === 'unix:')
    return { request: httpRequest, options: { socketPath: decodeURIComponent(url.pathname) } };
  if (url?.protocol === 'tcp:' || url?.protocol === 'http:' || url?.protocol === 'https:') {
    const tls = url.protocol === 'https:' || (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
    const port = url.port === '' ? (tls ? 2376 : 2375) : Number(url.port);
    const options = { host: url.hostname.replace(/^\[|\]$/g, ''), port };
    if (!tls) return { request: httpRequest, options };
    try {
      return { request: httpsRequest, options: { ...options, ...tlsOf(env) } };
    } catch (error) {
      throw imageFailure('GC_IMAGE_STORE', "docker's certificates cannot be read", {
        at: host,
        cause: error,
      });
    }
  }
  throw imageFailure('GC_IMAGE_STORE', 'this address of docker is not supported', {
    at: host,
    hint: 'Set DOCKER_HOST to unix:///path or tcp://host:port; for ssh, forward the socket first.',
  });
}

/** The engine at DOCKER_HOST, or at the usual socket. */
export function dockerEngine(
  dockerHost: string | undefined,
  signal?: AbortSignal,
  env: Environment = process.env,
): DockerEngine {
  const host = dockerHost ?? (env['DOCKER_HOST'] || DEFAULT_HOST);
  const { request, options } = targetOf(host, env);

  function unreachable(error: unknown): unknown {
    if (signal?.aborted === true) return signal.reason;
    const hint = 'Is dockerd running, and may this user use its socket?';
    return imageFailure('GC_IMAGE_STORE', 'docker does not answer', { at: host, hint, cause: error });
  }

  function ask(path: string, timeoutMs: number): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request({
        ...options,
        path,
        headers: { host: 'docker' },
        ...(signal === undefined ? {} : { signal }),
      });
      const timer = setTimeout(() => sent.destroy(new Error('no answer')), timeoutMs);
      sent.once('error', (error) => {
        clearTimeout(timer);
        reject(unreachable(error));
      });
      sent.once('response', (answer) => {
        clearTimeout(timer);
        answer.on('error', () => undefined);
        resolve(answer);
      });
      sent.end();
    });
  }

  async function refusal(answer: IncomingMessage, path: string): Promise<Error> {
    const bytes = await readBounded(answer, MAX_JSON_BYTES, host).catch(() => new Uint8Array());
    const said = textOf(objectOf(parseJson(bytes))['message']).slice(0, 300);
    const code = answer.statusCode === 404 ? 'GC_IMAGE_NOT_FOUND' : 'GC_IMAGE_STORE';
    return imageFailure(code, `docker answers ${answer.statusCode ?? 0}: ${said}`, {
      at: `${host}, ${path}`,
    });
  }

  return {
    json: async (path) => {
      const answer = await ask(path, ANSWER_TIMEOUT_MS);
      if (answer.statusCode === 404) {
        answer.destroy();
        return undefined;
      }
      if (answer.statusCode !== 200) throw await refusal(answer, path);
      return parseJson(await readBounded(answer, MAX_JSON_BYTES, `${host}, ${path}`));
    },
    stream: async function* stream(path) {
      const answer = await ask(path, EXPORT_TIMEOUT_MS);
      if (answer.statusCode !== 200) throw await refusal(answer, path);
      try {
        yield* answer as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw unreachable(error);
      } finally {
        answer.destroy();
      }
    },
  };
}
