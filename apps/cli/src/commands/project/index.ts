// `guardcell check|test|build|bench`: work on the project itself; each hands over to a script.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, EXIT, text, texts } from '../../command.ts';
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

const RULES_BENCH_ONLY = ['capture', 'loops', 'mix', 'events', 'rules'] as const;

/** Options of `bench rules` as its scripts take them: captures are replayed by another script than synthetic events. */
function rulesBench({ options, positionals }: CommandContext): {
  readonly script: string;
  readonly args: readonly string[];
} {
  const files = [...texts(options, 'rules'), ...positionals.slice(1)];
  const captures = texts(options, 'capture');
  const [loops, events, mix] = [text(options, 'loops'), text(options, 'events'), text(options, 'mix')];
  for (const [name, value] of Object.entries({ loops, events })) {
    if (value !== undefined && !/^[1-9]\d{0,9}$/.test(value))
      throw new CodedError('GC_USAGE', `--${name} takes a number from 1 on, not '${value}'`);
  }
  const option = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  if (captures.length === 0) {
    const wrong = loops !== undefined ? 'loops' : mix !== undefined ? 'mix' : undefined;
    if (wrong !== undefined)
      throw new CodedError('GC_USAGE', `--${wrong} is for captures`, { hint: 'Add --capture FILE.' });
    return { script: 'rules', args: [...option('events', events), ...files] };
  }
  if (events !== undefined)
    throw new CodedError('GC_USAGE', '--events is for synthetic events', {
      hint: 'Use --loops with --capture.',
    });
  if (mix !== undefined && mix !== 'host' && mix !== 'hot')
    throw new CodedError('GC_USAGE', `unknown mix '${mix}'`, { hint: 'One of: host, hot.' });
  return {
    script: 'captures',
    args: [
      ...captures.map((capture) => `--capture=${capture}`),
      ...option('loops', loops),
      ...option('mix', mix),
      ...files,
    ],
  };
}

export const bench: Command = {
  name: 'bench',
  summary: 'run a benchmark and print its figures',
  usage: 'NAME [ARG…]',
  options: {
    capture: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'bench rules: replay this capture instead of synthetic events',
    },
    loops: { type: 'string', value: 'N', help: 'bench rules: replay the capture so many times' },
    mix: {
      type: 'string',
      value: 'host|hot',
      help: 'bench rules: all events of the capture, or only those that rules look at',
    },
    events: { type: 'string', value: 'N', help: 'bench rules: so many synthetic events of each mix' },
    rules: {
      type: 'string',
      short: 'r',
      multiple: true,
      value: 'FILE',
      help: 'bench rules: these rule files instead of the default ones',
    },
  },
  examples: [
    'guardcell bench rules',
    'guardcell bench rules --capture host.scap.gz --loops 20 -r falco_rules.yaml',
    'guardcell bench sensor',
  ],
  run(context) {
    const [name = ''] = context.positionals;
    const foreign = RULES_BENCH_ONLY.find((option) => context.options[option] !== undefined);
    if (name !== 'rules' && foreign !== undefined)
      throw new CodedError('GC_USAGE', `--${foreign} is for bench rules`);
    const { script: base, args } =
      name === 'rules' ? rulesBench(context) : { script: name, args: context.positionals.slice(1) };
    const script = join('bench', `${base}.ts`);
    if (!/^[a-z0-9-]+$/.test(base) || !existsSync(join(PROJECT_ROOT, script))) {
      const known = readdirSync(join(PROJECT_ROOT, 'bench'))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => file.slice(0, -3));
      throw new CodedError('GC_USAGE', 'which benchmark?', { hint: `One of: ${known.join(', ')}.` });
    }
    return runScript(context, script, args);
  },
};
