// Real containers for tests: makes sure that dockerd runs, runs containers, and removes them for sure.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, tryCommand } from './run-command.ts';

export { ensureImage } from './images.ts';

const SOCKET = '/var/run/docker.sock';
const DATA_ROOT = '/var/lib/guardcell-test/docker';
const START_TIMEOUT_MS = 40_000;

const PACKAGES: Readonly<Record<string, string>> = {
  'docker.io': '/usr/sbin/dockerd',
  containerd: '/usr/bin/containerd',
  nftables: '/usr/sbin/nft',
  'busybox-static': '/bin/busybox',
};

export interface DockerAvailability {
  readonly available: boolean;
  /** Why not; empty when available. */
  readonly reason: string;
  /** Stops the dockerd that this call started; does nothing when it was there before. */
  stop(): Promise<void>;
}

function unavailable(reason: string): DockerAvailability {
  return { available: false, reason, stop: () => Promise.resolve() };
}

async function answers(): Promise<boolean> {
  return (await tryCommand('docker', ['version', '--format', '{{.Server.Version}}'])).code === 0;
}

async function installMissing(): Promise<string> {
  const missing = Object.keys(PACKAGES).filter((name) => !existsSync(PACKAGES[name] ?? ''));
  if (missing.length === 0) return '';
  if (!existsSync('/usr/bin/apt-get')) return `not installed: ${missing.join(', ')}`;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  let result = await tryCommand('apt-get', install, { timeoutMs: 300_000 });
  if (result.code !== 0) {
    await tryCommand('apt-get', ['update'], { timeoutMs: 120_000 });
    result = await tryCommand('apt-get', install, { timeoutMs: 300_000 });
  }
  return result.code === 0 ? '' : `apt-get could not install ${missing.join(', ')}`;
}

async function startDaemon(): Promise<DockerAvailability> {
  // The host's firewall is not ours to change; containers reach each other and the host over the bridge without it.
  const args = ['--data-root', DATA_ROOT, '--iptables=false', '--ip6tables=false', '--ip-masq=false'];
  const daemon = spawn('/usr/sbin/dockerd', args, { stdio: 'ignore', detached: true });
  daemon.unref();
  const ended = new Promise<void>((resolve) => {
    daemon.once('exit', () => resolve());
    daemon.once('error', () => resolve());
  });
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await answers())) {
    if (daemon.exitCode !== null) return unavailable(`dockerd ended with ${daemon.exitCode}`);
    if (Date.now() > until) {
      daemon.kill('SIGTERM');
      return unavailable(`dockerd did not answer within ${START_TIMEOUT_MS} ms`);
    }
    await sleep(200);
  }
  return {
    available: true,
    reason: '',
    stop: async () => {
      daemon.ref();
      daemon.kill('SIGTERM');
      await ended;
    },
  };
}

/** Makes docker usable when that is possible (root, Debian packages), else says why it is not. */
export async function ensureDocker(): Promise<DockerAvailability> {
  if (existsSync('/usr/bin/docker') && (await answers())) {
    return { available: true, reason: '', stop: () => Promise.resolve() };
  }
  if (process.getuid?.() !== 0) return unavailable('docker does not answer, and starting it needs root');
  const problem = await installMissing();
  if (problem !== '') return unavailable(problem);
  if (existsSync(SOCKET) && (await answers())) {
    return { available: true, reason: '', stop: () => Promise.resolve() };
  }
  return startDaemon();
}

export interface RunOptions {
  readonly image: string;
  /** Further arguments of `docker run`: `['--privileged']`. */
  readonly args: readonly string[];
  /** Empty: what the image says. */
  readonly command: readonly string[];
  /** Beginning of the name, `gc-<part>-<what>`; the rest is random. */
  readonly name: string;
}

export interface RunningContainer extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
}

/** Starts a container in the background; it is removed when the returned object is disposed of. */
export async function runContainer(options: RunOptions): Promise<RunningContainer> {
  const name = `${options.name}-${randomBytes(4).toString('hex')}`;
  const args = ['run', '-d', '--name', name, ...options.args, options.image, ...options.command];
  async function remove(): Promise<void> {
    // A paused container cannot be removed by older versions.
    await tryCommand('docker', ['unpause', name]);
    await tryCommand('docker', ['rm', '-f', name]);
  }
  try {
    const id = (await command('docker', args)).trim();
    return { id, name, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
