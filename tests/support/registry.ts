// A real registry for tests: Debian's docker-registry on loopback, filled by skopeo.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, tryCommand } from './run-command.ts';

const START_TIMEOUT_MS = 20_000;
const PACKAGES: Readonly<Record<string, string>> = {
  'docker-registry': '/usr/bin/docker-registry',
  skopeo: '/usr/bin/skopeo',
  openssl: '/usr/bin/openssl',
};

/** The account of a registry with `secured`. */
export const REGISTRY_ACCOUNT = { username: 'gc-test', password: 'gc-test-password' };
const HTPASSWD = 'gc-test:$2b$04$mivQiQpKduLOcSKMoB1R6eofzY5dLu.qtNLf0IskZTuP8P00N358a';

export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** PEM of the authority that signed its certificate; empty without TLS. */
  readonly caFile: string;
  /** Where it keeps its blobs. */
  readonly blobs: string;
  /** Copies an image from any place that skopeo knows: `oci:DIR`, `docker-archive:FILE` … */
  push(from: string, repositoryAndTag: string): Promise<void>;
}

/** Installs what is missing when root; says why it cannot, or nothing. */
export async function registryProblem(): Promise<string> {
  const missing = Object.keys(PACKAGES).filter((name) => !existsSync(PACKAGES[name] ?? ''));
  if (missing.length === 0) return '';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return `not installed: ${missing.join(', ')}`;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  let result = await tryCommand('apt-get', install, { timeoutMs: 300_000 });
  if (result.code !== 0) {
    await tryCommand('apt-get', ['update'], { timeoutMs: 120_000 });
    result = await tryCommand('apt-get', install, { timeoutMs: 300_000 });
  }
  return result.code === 0 ? '' : `apt-get could not install ${missing.join(', ')}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function certificate(folder: string): Promise<void> {
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${folder}/tls.key`,
  ];
  await command('openssl', ['req', '-x509', '-days', '2', ...key, '-out', `${folder}/tls.crt`, ...names]);
}

function configuration(folder: string, port: number, secured: boolean): string {
  const tls = `  tls:\n    certificate: ${folder}/tls.crt\n    key: ${folder}/tls.key\n`;
  const auth = `auth:\n  htpasswd:\n    realm: test\n    path: ${folder}/htpasswd\n`;
  return `version: 0.1
log:
  level: error
storage:
  filesystem:
    rootdirectory: ${folder}/data
http:
  addr: 127.0.0.1:${port}
${secured ? tls + auth : ''}`;
}

/** Starts it, with TLS and an account when `secured`; it is stopped and removed when the result is disposed of. */
export async function startRegistry(secured = false): Promise<TestRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-registry-'));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  if (secured) {
    await certificate(folder);
    writeFileSync(join(folder, 'htpasswd'), `${HTPASSWD}\n`);
  }
  writeFileSync(join(folder, 'config.yml'), configuration(folder, port, secured));
  const daemon = spawn('/usr/bin/docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));

  async function stop(): Promise<void> {
    daemon.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async function answers(): Promise<boolean> {
    const account = secured
      ? ['--creds', `${REGISTRY_ACCOUNT.username}:${REGISTRY_ACCOUNT.password}`]
      : ['--no-creds'];
    const asked = ['list-tags', '--tls-verify=false', ...account, `docker://${host}/none`];
    const { stderr } = await tryCommand('skopeo', asked);
    return stderr.includes('404') || /name unknown|not known/.test(stderr);
  }

  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await answers())) {
    if (daemon.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error('docker-registry did not start');
    }
    await sleep(100);
  }
  return {
    host,
    caFile: secured ? join(folder, 'tls.crt') : '',
    blobs: join(folder, 'data/docker/registry/v2/blobs'),
    push: async (from, repositoryAndTag) => {
      const account = secured
        ? ['--dest-creds', `${REGISTRY_ACCOUNT.username}:${REGISTRY_ACCOUNT.password}`]
        : [];
      const to = `docker://${host}/${repositoryAndTag}`;
      await command('skopeo', ['copy', '--all', '--dest-tls-verify=false', ...account, from, to]);
    },
    [Symbol.asyncDispose]: stop,
  };
}
