// A disk that can be filled: a small tmpfs of its own. Needs root for the mount.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk extends Disposable {
  readonly dir: string;
  /** Leaves about this much free. */
  fillUp(leaveBytes: number): void;
  /** Undoes `fillUp`. */
  makeSpace(): void;
}

export function smallDisk(sizeMiB: number): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), 'gc-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=0700`, 'gc-test', dir]);
  let fillers = 0;
  return {
    dir,
    fillUp(leaveBytes) {
      const { bavail, bsize } = statfsSync(dir);
      writeFileSync(join(dir, `filler-${fillers++}`), Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
    },
    makeSpace() {
      for (let i = 0; i < fillers; i++) rmSync(join(dir, `filler-${i}`), { force: true });
    },
    [Symbol.dispose]() {
      execFileSync('umount', [dir]);
      rmSync(dir, { recursive: true });
    },
  };
}
