// A container engine of its own for tests, for machines that withhold capabilities: there `--privileged` fails, because
// the engine asks for every capability it knows. Here runc is only asked for those that this machine has.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, tryCommand } from './run-command.ts';

const START_TIMEOUT_MS = 20_000;
const CAP_SYS_RESOURCE = 24n;

export interface LimitedDocker extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly host: string;
}

/** Whether this machine withholds just the capability that the engine below can do without. */
export function withholdsSysResource(): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${bounding}`) & (1n << CAP_SYS_RESOURCE)) === 0n;
}

function runcWrapper(): string {
  return `#!/bin/sh
bundle=; previous=
for argument in "$@"; do
  case "$previous" in --bundle | -b) bundle=$argument ;; esac
  previous=$argument
done
if [ -n "$bundle" ]; then sed -i 's/"CAP_SYS_RESOURCE",*//g; s/,]/]/g' "$bundle/config.json"; fi
exec /usr/sbin/runc "$@"
`;
}

/**
 * Starts it with `image` loaded. Its containers have no network. It lives in a network namespace of its own: a dockerd
 * that is told to have no bridge deletes `docker0` where it runs, and with it the network of every other container.
 */
export async function startLimitedDocker(image: string): Promise<LimitedDocker> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-docker-'));
  const host = `unix://${folder}/docker.sock`;
  const runc = join(folder, 'runc');
  writeFileSync(runc, runcWrapper());
  chmodSync(runc, 0o755);
  const daemon = spawn(
    '/usr/bin/unshare',
    [
      '--net',
      '/usr/sbin/dockerd',
      `--data-root=${folder}/data`,
      `--exec-root=${folder}/exec`,
      `--pidfile=${folder}/pid`,
      `--host=${host}`,
      '--iptables=false',
      '--ip-forward=false',
      '--ip-masq=false',
      '--bridge=none',
      `--add-runtime=limited=${runc}`,
      '--default-runtime=limited',
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => {
    daemon.once('exit', () => resolve());
    daemon.once('error', () => resolve());
  });
  async function stop(): Promise<void> {
    daemon.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  try {
    const until = Date.now() + START_TIMEOUT_MS;
    while ((await tryCommand('docker', ['-H', host, 'version'])).code !== 0) {
      if (daemon.exitCode !== null || Date.now() > until) throw new Error('a second dockerd did not start');
      await sleep(100);
    }
    const archive = join(folder, 'image.tar');
    await command('docker', ['save', '-o', archive, image]);
    await command('docker', ['-H', host, 'load', '-i', archive]);
    return { host, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
