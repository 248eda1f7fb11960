// Fills Node's compile cache once. With it a process need not load the type stripper, which alone takes 30 MiB a thread.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const ENTRY_TIMEOUT_MS = 20_000;
const cache = process.env['NODE_COMPILE_CACHE'];
const stamp = join(cache ?? '', '.warm');
const wanted = `${process.version} ${readFileSync(join(ROOT, 'package.json'), 'utf8')}`;

/** Every file that a process or a worker thread starts with, and packages that commands load when they need them. */
function entries(): string[] {
  return globSync(
    [
      'apps/*/src/main.ts',
      'apps/*/src/**/*.worker.ts',
      'packages/*/src/**/*.worker.ts',
      'packages/{advisories,image,malware,posture,report,secrets}/src/index.ts',
    ],
    { cwd: ROOT },
  );
}

if (cache !== undefined && !(existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)) {
  // Started without options or a parent thread, each loads all its modules, complains and ends; Node keeps what it compiled.
  const { GUARDCELL_SERVER_OPTIONS: _server, GUARDCELL_AGENT_OPTIONS: _agent, ...env } = process.env;
  for (const entry of entries()) {
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, entry)], {
      stdio: 'ignore',
      timeout: ENTRY_TIMEOUT_MS,
      env,
    });
  }
  writeFileSync(stamp, wanted);
}
