// Finds out what this machine lacks for an attack; nothing is assumed.
import { existsSync } from 'node:fs';
import { tryCommand } from '../../support/run-command.ts';
import type { MachineNeed } from './official-attack.ts';

/** Why this machine cannot do what an attack needs; empty when it can. `docker` are arguments of the client. */
export async function lacks(need: MachineNeed, docker: readonly string[], image: string): Promise<string> {
  switch (need) {
    case 'loadable kernel modules':
      return existsSync('/proc/modules')
        ? ''
        : 'the kernel is built without loadable modules and has no such system calls';
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
