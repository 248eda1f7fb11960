// `guardcell check|test|build|bench`: work on the project itself; each hands over to a script.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, EXIT } from '../../command.ts';
import { PROJECT_ROOT } from '../../paths.ts';

function runScript(context: CommandContext, script: string, args: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(PROJECT_ROOT, script), ...args],
      {
        stdio: 'inherit',
      },
    );
    context.signal.addEventListener('abort', () => child.kill('SIGTERM'));
    child.on('close', (code) => done(code ?? EXIT.interrupted));
  });
}

export const check: Command = {
  name: 'check',
  summary: 'format, lint, boundaries, types and generated files of the project',
  usage: '',
  options: {},
  examples: ['guardcell check'],
  run: (context) => runScript(context, 'tools/check.ts', []),
};

export const testCommand: Command = {
  name: 'test',
  summary: 'run all tests, set-up included',
  usage: '[unit|integration|e2e|WORD…]',
  options: {},
  examples: ['guardcell test', 'guardcell test unit', 'guardcell test packages/rules'],
  run: (context) => runScript(context, 'tools/test.ts', context.positionals),
};

const BUILDS: Readonly<Record<string, string>> = {
  bpf: 'packages/sensor/tools/build-bpf.ts',
  console: 'tools/build-console.ts',
};

export const build: Command = {
  name: 'build',
  summary: 'build the kernel programs (bpf) or the console',
  usage: 'bpf|console',
  options: {},
  examples: ['guardcell build bpf'],
  run(context) {
    const script = BUILDS[context.positionals[0] ?? ''];
    if (script === undefined)
      throw new CodedError('GC_USAGE', 'build what?', { hint: `One of: ${Object.keys(BUILDS).join(', ')}.` });
    return runScript(context, script, []);
  },
};

export const bench: Command = {
  name: 'bench',
  summary: 'run a benchmark and print its figures',
  usage: 'NAME',
  options: {},
  examples: ['guardcell bench rules', 'guardcell bench sensor'],
  run(context) {
    const [name = ''] = context.positionals;
    const script = join('bench', `${name}.ts`);
    if (!/^[a-z0-9-]+$/.test(name) || !existsSync(join(PROJECT_ROOT, script))) {
      const known = readdirSync(join(PROJECT_ROOT, 'bench'))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => file.slice(0, -3));
      throw new CodedError('GC_USAGE', 'which benchmark?', { hint: `One of: ${known.join(', ')}.` });
    }
    return runScript(context, script, context.positionals.slice(1));
  },
};
