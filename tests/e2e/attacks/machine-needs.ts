// Finds out what this machine lacks for an attack; nothing is assumed.
import { existsSync, readFileSync } from 'node:fs';
import { tryCommand } from '../../support/run-command.ts';
import type { MachineNeed } from './official-attack.ts';

/** Why this machine cannot do what an attack needs; empty when it can. `docker` are arguments of the client. */
export async function lacks(need: MachineNeed, docker: readonly string[], image: string): Promise<string> {
  switch (need) {
    case 'loadable kernel modules':
      return existsSync('/proc/modules')
        ? ''
        : 'the kernel is built without loadable modules and has no such system calls';
    case 'loop devices':
      return /^ *7 loop$/m.test(readFileSync('/proc/devices', 'utf8')) ? '' : 'the kernel has no loop driver';
    case 'userfaultfd':
      return / __(?:x64|arm64)_sys_userfaultfd$/m.test(readFileSync('/proc/kallsyms', 'utf8'))
        ? ''
        : 'the kernel is built without userfaultfd';
    case 'privileged containers': {
      const result = await tryCommand('docker', [
        ...docker,
        'run',
        '--rm',
        '--privileged',
        image,
        '/bin/true',
      ]);
      return result.code === 0 ? '' : (result.stderr.trim().split('\n')[0] ?? '').slice(0, 200) || 'refused';
    }
  }
}
