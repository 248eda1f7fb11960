// Programs that tests drive, from Debian: installed when root and missing.
import { existsSync } from 'node:fs';
import { tryCommand } from './run-command.ts';

const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Makes sure of packages, given with a file that shows that each is there.
 * @returns why that is not possible, or nothing.
 */
export async function aptProblem(packages: Readonly<Record<string, string>>): Promise<string> {
  const absent = (): readonly string[] =>
    Object.keys(packages).filter((name) => !existsSync(packages[name] ?? ''));
  const missing = absent();
  if (missing.length === 0) return '';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return `not installed: ${missing.join(', ')}`;
  // Another test may be installing: apt waits for its lock.
  const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...missing];
  let result = await tryCommand('apt-get', install, { timeoutMs: INSTALL_TIMEOUT_MS });
  if (result.code !== 0) {
    await tryCommand('apt-get', ['update'], { timeoutMs: INSTALL_TIMEOUT_MS });
    result = await tryCommand('apt-get', install, { timeoutMs: INSTALL_TIMEOUT_MS });
  }
  return result.code === 0 ? '' : `apt-get could not install ${absent().join(', ')}`;
}
