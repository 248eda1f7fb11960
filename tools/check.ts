// `guardcell check`: format, lint, boundaries, types, generated files. Prints each step; fails if any does.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkBoundaries } from './check-boundaries.ts';
import { runTool } from './run-tool.ts';

const ROOT = resolve(import.meta.dirname, '..');
const bin = (name: string): string => join(ROOT, 'node_modules/.bin', name);

interface Step {
  readonly name: string;
  run(): Promise<{ readonly ok: boolean; readonly output: string }>;
}

function command(name: string, program: string, args: readonly string[]): Step {
  return {
    name,
    async run() {
      const path = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
      const result = await runTool(program, args, { cwd: ROOT, env: { ...process.env, PATH: path } });
      return { ok: result.code === 0, output: result.output };
    },
  };
}

/** Generators with a `--check` mode that compares what they would write with what is committed. */
const GENERATED = [
  'tools/complete-lockfile.ts',
  'tools/generate-openapi.ts',
  'tools/generate-rule-docs.ts',
  'tools/generate-field-docs.ts',
  'tools/generate-official-rules-docs.ts',
  'tools/generate-official-audit-docs.ts',
  'packages/sensor/tools/generate-abi.ts',
  'packages/sensor/tools/build-bpf.ts',
];

const STEPS: readonly Step[] = [
  command('format', bin('biome'), ['check', '.']),
  command('lint', bin('oxlint'), ['.']),
  {
    name: 'boundaries',
    run: () => {
      const problems = checkBoundaries();
      return Promise.resolve({ ok: problems.length === 0, output: problems.join('\n') });
    },
  },
  command('types', bin('tsc'), ['-p', 'tsconfig.json']),
  command('types of the console', bin('tsc'), ['-p', 'apps/web/tsconfig.json']),
  ...GENERATED.filter((file) => existsSync(join(ROOT, file))).map((file) =>
    command(`generated: ${file}`, process.execPath, [
      '--disable-warning=ExperimentalWarning',
      join(ROOT, file),
      '--check',
    ]),
  ),
];

let failed = 0;
for (const step of STEPS) {
  const { ok, output } = await step.run();
  console.log(`${ok ? '✔' : '✖'} ${step.name}`);
  if (!ok) {
    failed++;
    console.log(output.replaceAll(/^/gm, '    '));
  }
}
console.log(failed === 0 ? 'check: all is well' : `check: ${failed} of ${STEPS.length} steps failed`);
process.exitCode = failed === 0 ? 0 : 1;
