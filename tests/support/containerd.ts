// A containerd of its own for tests: own root, state and socket, with the Kubernetes interface switched on.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, tryCommand } from './run-command.ts';

const START_TIMEOUT_MS = 30_000;

export interface TestContainerd extends AsyncDisposable {
  readonly socket: string;
  readonly ctr: (...args: readonly string[]) => Promise<string>;
  /** Imports a docker image under `docker.io/<image>`, as kubelet and ctr name it. */
  importImage(namespace: string, image: string): Promise<string>;
  /** Starts a container with a 64-digit id in a namespace; returns the id. */
  run(namespace: string, image: string, args: readonly string[], command: readonly string[]): Promise<string>;
}

/** Why a containerd cannot be started here; empty when it can. */
export function containerdProblem(): string {
  if (process.getuid?.() !== 0) return 'starting containerd needs root';
  return existsSync('/usr/bin/containerd') && existsSync('/usr/bin/ctr') ? '' : 'containerd is not installed';
}

function configuration(folder: string, sandboxImage: string): string {
  // Tests may run without CAP_SYS_RESOURCE, hence restrict_oom_score_adj.
  return `version = 2
root = "${folder}/root"
state = "${folder}/state"
[grpc]
  address = "${folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${sandboxImage}"
  restrict_oom_score_adj = true
  disable_tcp_service = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${folder}/cni"
    conf_dir = "${folder}/cni"
[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/opt"
`;
}

/** Starts it; everything is stopped and removed when the returned object is disposed of. */
export async function startContainerd(sandboxImage: string): Promise<TestContainerd> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-containerd-'));
  const socket = join(folder, 'containerd.sock');
  mkdirSync(join(folder, 'cni'));
  writeFileSync(join(folder, 'config.toml'), configuration(folder, sandboxImage));
  const daemon = spawn('/usr/bin/containerd', ['--config', join(folder, 'config.toml')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const started: (readonly [string, string])[] = [];

  function ctr(...args: readonly string[]): Promise<string> {
    return command('/usr/bin/ctr', ['--address', socket, ...args]);
  }

  async function removeAll(): Promise<void> {
    for (const [namespace, id] of started) {
      const base = ['--address', socket, '-n', namespace];
      await tryCommand('/usr/bin/ctr', [...base, 'tasks', 'resume', id]);
      await tryCommand('/usr/bin/ctr', [...base, 'tasks', 'kill', '-s', 'SIGKILL', id]);
      await tryCommand('/usr/bin/ctr', [...base, 'tasks', 'rm', '-f', id]);
      await tryCommand('/usr/bin/ctr', [...base, 'containers', 'rm', id]);
    }
    daemon.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  const until = Date.now() + START_TIMEOUT_MS;
  while ((await tryCommand('/usr/bin/ctr', ['--address', socket, 'version'])).code !== 0) {
    if (daemon.exitCode !== null || Date.now() > until) {
      await removeAll();
      throw new Error('containerd did not start');
    }
    await sleep(100);
  }
  return {
    socket,
    ctr,
    importImage: async (namespace, image) => {
      const archive = join(folder, `image-${randomBytes(4).toString('hex')}.tar`);
      await command('docker', ['save', '-o', archive, image]);
      await ctr('-n', namespace, 'images', 'import', archive);
      rmSync(archive);
      return `docker.io/${image}`;
    },
    run: async (namespace, image, args, program) => {
      const id = randomBytes(32).toString('hex');
      started.push([namespace, id]);
      await ctr('-n', namespace, 'run', '-d', ...args, image, id, ...program);
      return id;
    },
    [Symbol.asyncDispose]: removeAll,
  };
}
