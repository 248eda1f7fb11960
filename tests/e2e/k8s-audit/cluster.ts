// A real API server of one test, with a client that speaks plain HTTPS to it.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const SCRIPT = resolve(import.meta.dirname, '../../../../shared/k8s/cluster');
const UP_MS = 240_000;
const run = promisify(execFile);

/** Why no API server can be started here; undefined when one can. */
export function noCluster(): string | undefined {
  return existsSync(SCRIPT) ? undefined : 'needs ../shared/k8s, a script that starts a Kubernetes API server';
}

export interface ApiAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface ApiCall {
  /** `alice` has no rights; empty: nobody. Default admin. */
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
}

export interface Cluster extends AsyncDisposable {
  readonly dir: string;
  readonly url: string;
  readonly adminToken: string;
  readonly aliceToken: string;
  call(method: string, path: string, options?: ApiCall): Promise<ApiAnswer>;
  /** Asks for a protocol switch as `kubectl exec` does; resolves with the status. */
  upgrade(method: string, path: string): Promise<number>;
}

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly { readonly name: string; readonly user: { readonly token?: string } }[];
}

/** @throws when the control plane does not come up; what was started is stopped then. */
export async function startCluster(policyFile: string, webhookFile: string): Promise<Cluster> {
  const dir = mkdtempSync(join(tmpdir(), 'gc-k8s-'));
  const script = (...args: readonly string[]): Promise<unknown> =>
    run(SCRIPT, [...args, '--dir', dir], { timeout: UP_MS, maxBuffer: 16 * 1024 * 1024 });
  async function down(): Promise<void> {
    await script('down', '--purge');
    rmSync(dir, { recursive: true, force: true });
  }
  try {
    await script(
      'up',
      '--control-plane-only',
      '--audit-policy',
      policyFile,
      `--apiserver-arg=--audit-webhook-config-file=${webhookFile}`,
      '--apiserver-arg=--audit-webhook-batch-max-wait=1s',
      '--apiserver-arg=--audit-webhook-initial-backoff=1s',
    );
  } catch (thrown) {
    await down().catch(() => undefined);
    throw thrown;
  }
  const config = parse(readFileSync(join(dir, 'kubeconfig'), 'utf8')) as Kubeconfig;
  const url = config.clusters[0]?.cluster.server ?? '';
  const ca = Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64');
  const tokenOf = (name: string): string => config.users.find((user) => user.name === name)?.user.token ?? '';
  const adminToken = tokenOf('admin');

  function call(method: string, path: string, options: ApiCall = {}): Promise<ApiAnswer> {
    const token = options.token ?? adminToken;
    const text = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && {
        'content-type': options.contentType ?? 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
      ...options.headers,
    };
    return new Promise((done, fail) => {
      const asked = request(
        `${url}${path}`,
        { method, ca, headers, agent: false, timeout: 30_000 },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const reply = Buffer.concat(chunks).toString('utf8');
            const json = reply.startsWith('{') ? (JSON.parse(reply) as ApiAnswer['json']) : {};
            done({ status: response.statusCode ?? 0, json });
          });
        },
      );
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer`)));
      asked.on('error', fail);
      asked.end(text);
    });
  }

  function upgrade(method: string, path: string): Promise<number> {
    const headers = { authorization: `Bearer ${adminToken}`, connection: 'Upgrade', upgrade: 'SPDY/3.1' };
    return new Promise((done, fail) => {
      const asked = request(`${url}${path}`, { method, ca, headers, agent: false, timeout: 30_000 });
      asked.on('upgrade', (response, socket) => {
        socket.destroy();
        done(response.statusCode ?? 0);
      });
      asked.on('response', (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      });
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer`)));
      asked.on('error', fail);
      asked.end();
    });
  }

  return {
    dir,
    url,
    adminToken,
    aliceToken: tokenOf('alice'),
    call,
    upgrade,
    [Symbol.asyncDispose]: down,
  };
}
