// A container that ends while it is scanned: its report says so and never reads as whole.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Analyzer } from '@guardcell/image';
import { scanTarget } from '@guardcell/scan';
import { localizedReport } from '@guardcell/scan/catalogue';
import { aptProblem } from '../support/apt-packages.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'gc-container-gone-'));
const BUSYBOX = '/bin/busybox';

after(() => rmSync(ROOT, { recursive: true, force: true }));

/** A process with a root of its own, as containers have. */
async function startProcess(): Promise<ChildProcess> {
  const child = spawn('chroot', [ROOT, '/busybox', 'sleep', '600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const isInside = (): boolean => realpathSync(`/proc/${child.pid}/root`) === realpathSync(ROOT);
  while (!isInside()) await new Promise((done) => setTimeout(done, 10));
  return child;
}

/** Does something in the middle of the scan. */
function during(action: () => void): Analyzer {
  return {
    id: 'during',
    version: 1,
    maxBytes: 1000,
    wants: ({ path }) => path === '/marker',
    analyze: () => {
      action();
      return undefined;
    },
    assemble: () => ({ packages: [] }),
  };
}

async function problem(): Promise<string> {
  if (process.getuid?.() !== 0) return 'a root of its own needs root';
  const missing = await aptProblem({ 'busybox-static': BUSYBOX });
  if (missing !== '') return missing;
  copyFileSync(BUSYBOX, join(ROOT, 'busybox'));
  mkdirSync(join(ROOT, 'etc'), { recursive: true });
  writeFileSync(join(ROOT, 'marker'), 'x');
  return '';
}

test('a container that ends during the scan is a gap, one that ended before is an error, one that runs is neither', async (t) => {
  const reason = await problem();
  if (reason !== '') return t.skip(reason);
  const child = await startProcess();
  const { pid = 0 } = child;
  t.after(() => child.kill('SIGKILL'));
  const scan = (action: () => void) =>
    scanTarget(
      { kind: 'container', name: 'web-1', pid },
      { only: new Set(['packages']), analyzers: [during(action)] },
    );

  const whole = await scan(() => undefined);
  assert.deepEqual(whole.errors, []);

  const less = await scanTarget(
    { kind: 'container', name: 'web-1', pid },
    { only: new Set(['packages']), analyzers: [during(() => assert.fail())], exclude: [{ glob: '/marker' }] },
  );
  assert.match(less.errors[0]?.message ?? '', /1 files are left out: \/marker$/);

  const half = await scan(() => {
    child.kill('SIGKILL');
    const isAlive = (): boolean => !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    while (isAlive());
  });
  assert.deepEqual(
    half.errors.map(({ code, at, level, message }) => ({ code, at, level, message })),
    [
      {
        code: 'GC_SCAN_TARGET_GONE',
        at: 'web-1',
        level: undefined,
        message: 'the container ended while it was scanned: this may be only a part of it',
      },
    ],
  );
  assert.match(localizedReport(half, 'zh').errors[0]?.message ?? '', /容器在扫描期间结束/);

  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  await assert.rejects(
    scan(() => undefined),
    { code: 'GC_SCAN_TARGET_GONE' },
  );
});
