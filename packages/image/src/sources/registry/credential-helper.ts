// Programs that keep credentials. Spec: github.com/docker/docker-credential-helpers.
import { spawn } from 'node:child_process';
import { imageFailure } from '../failures.ts';
import { objectOf, parseJson, textOf } from '../json-fields.ts';
import type { StoredCredentials } from './docker-config.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 256 * 1024;
const NOT_FOUND = 'credentials not found';
/** As whom a helper logs in when its secret is an identity token. */
const TOKEN_USER = '<token>';

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      shell: false,
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
    child.stdin.end(`${input}\n`);
  });
}

/**
 * Asks `docker-credential-<name>`; undefined when it has nothing for this server. What it prints is never shown.
 * @throws CodedError GC_REGISTRY_CREDENTIALS.
 */
export async function askCredentialHelper(
  name: string,
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StoredCredentials | undefined> {
  const program = `docker-credential-${name}`;
  if (!NAME.test(name)) {
    throw imageFailure('GC_REGISTRY_CREDENTIALS', 'the name of a credential helper is not usable', {
      at: program,
    });
  }
  let ended: Ended;
  try {
    ended = await run(program, server, env);
  } catch (error) {
    throw imageFailure('GC_REGISTRY_CREDENTIALS', 'the credential helper cannot be run', {
      at: program,
      cause: error,
    });
  }
  if (ended.code !== 0) {
    if (ended.output.startsWith(NOT_FOUND)) return undefined;
    const message =
      ended.code === null ? 'was ended: too slow or too much output' : `failed with ${ended.code}`;
    throw imageFailure('GC_REGISTRY_CREDENTIALS', `the credential helper ${message}`, { at: program });
  }
  const answer = objectOf(parseJson(Buffer.from(ended.output)));
  const username = textOf(answer['Username']);
  const secret = textOf(answer['Secret']);
  if (secret === '') return undefined;
  if (username === TOKEN_USER) return { kind: 'identity-token', token: secret };
  return { kind: 'password', username, password: secret };
}
