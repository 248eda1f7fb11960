// Debian's sysdig: a reader of captures that is not ours.
import { existsSync } from 'node:fs';
import { tryCommand } from './run-command.ts';

const SYSDIG = '/usr/bin/sysdig';

/** Why there is no sysdig; empty when there is. Installs it when that is possible. */
export async function ensureSysdig(): Promise<string> {
  if (existsSync(SYSDIG)) return '';
  if (process.getuid?.() !== 0) return 'sysdig is not installed, and installing it needs root';
  if (!existsSync('/usr/bin/apt-get')) return 'sysdig is not installed, and there is no apt-get';
  const install = ['install', '-y', '--no-install-recommends', 'sysdig'];
  let result = await tryCommand('apt-get', install, { timeoutMs: 300_000 });
  if (result.code !== 0) {
    await tryCommand('apt-get', ['update'], { timeoutMs: 120_000 });
    result = await tryCommand('apt-get', install, { timeoutMs: 300_000 });
  }
  return result.code === 0 ? '' : 'apt-get could not install sysdig';
}

/**
 * The fields of each event that passes the filter, in order; what an event does not have is `<NA>`.
 * @throws when sysdig cannot read the capture.
 */
export async function readWithSysdig(
  path: string,
  fields: readonly string[],
  filter = '',
): Promise<readonly (readonly string[])[]> {
  const format = `*${fields.map((field) => `%${field}`).join('\u00a6')}`;
  const args = ['-r', path, '-p', format, ...(filter === '' ? [] : [filter])];
  const { code, stdout, stderr } = await tryCommand(SYSDIG, args, { timeoutMs: 60_000 });
  if (code !== 0) throw new Error(`sysdig cannot read ${path}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\u00a6'));
}
