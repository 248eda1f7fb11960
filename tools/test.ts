// `guardcell test [unit|integration|e2e|FILE…]`: sets the machine up, runs every test, prints coverage and one total line.
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureDocker } from '../tests/support/docker.ts';
import { buildConsole } from './build-console.ts';
import { setUpTestMachine } from './set-up-test-machine.ts';
import type { TestSummary } from './test-reporter.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MINUTE_MS = 60_000;

interface Group {
  readonly name: string;
  readonly kind: 'unit' | 'integration' | 'e2e';
  readonly files: readonly string[];
  readonly timeoutMs: number;
}

function testFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT, exclude: (name) => name.includes('node_modules') }).sort();
}

function unitGroups(): Group[] {
  const rooms = ['packages', 'apps'].flatMap((top) =>
    readdirSync(join(ROOT, top)).map((name) => `${top}/${name}`),
  );
  return [...rooms, 'tools'].map((room) => ({
    name: room,
    kind: 'unit',
    files: testFiles(`${room}/**/*.test.ts`),
    timeoutMs: 5 * MINUTE_MS,
  }));
}

/** One process a file: these start containers, kernels hooks and browsers, and must not disturb each other. */
function machineGroups(kind: 'integration' | 'e2e'): Group[] {
  return testFiles(`tests/${kind}/**/*.test.ts`).map((file) => ({
    name: file,
    kind,
    files: [file],
    timeoutMs: 30 * MINUTE_MS,
  }));
}

const NOTHING: TestSummary = { passed: 0, failed: 0, skipped: 0, coveredLines: 0, totalLines: 0 };

function nodeArguments(group: Group): string[] {
  const coverage =
    group.kind === 'unit'
      ? [
          '--experimental-test-coverage',
          `--test-coverage-include=${group.name}/**`,
          '--test-coverage-exclude=**/*.test.ts',
          '--test-coverage-exclude=**/*.generated.ts',
        ]
      : [];
  return [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-isolation=none',
    `--test-reporter=${join(ROOT, 'tools/test-reporter.ts')}`,
    '--test-reporter-destination=stdout',
    ...coverage,
    ...group.files,
  ];
}

async function runGroup(group: Group, scratch: string): Promise<TestSummary> {
  const summaryFile = join(scratch, `${group.name.replaceAll('/', '_')}.json`);
  const startedMs = Date.now();
  console.log(`${group.name}`);
  const child = spawn(process.execPath, nodeArguments(group), {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, GUARDCELL_TEST_SUMMARY: summaryFile, GUARDCELL_LOG_LEVEL: 'error' },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), group.timeoutMs);
  const code = await new Promise<number>((done) => child.on('close', (status) => done(status ?? 1)));
  clearTimeout(timer);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  if (!existsSync(summaryFile)) {
    console.log(`  ✖ ${group.name}: the test process died (exit ${code}, ${seconds} s)`);
    return { ...NOTHING, failed: 1 };
  }
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as TestSummary;
  console.log(
    `  ${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped, ${seconds} s`,
  );
  const unexplained = code !== 0 && summary.failed === 0;
  if (unexplained) console.log(`  ✖ ${group.name}: exit code ${code} although no test failed`);
  return unexplained ? { ...summary, failed: 1 } : summary;
}

function add(a: TestSummary, b: TestSummary): TestSummary {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    coveredLines: a.coveredLines + b.coveredLines,
    totalLines: a.totalLines + b.totalLines,
  };
}

function chooseGroups(wanted: readonly string[]): Group[] {
  const all = [...unitGroups(), ...machineGroups('integration'), ...machineGroups('e2e')];
  const chosen =
    wanted.length === 0
      ? all
      : all.filter(
          (group) => wanted.includes(group.kind) || wanted.some((word) => group.name.includes(word)),
        );
  return chosen.filter((group) => group.files.length > 0);
}

async function main(wanted: readonly string[]): Promise<number> {
  const groups = chooseGroups(wanted);
  if (groups.length === 0) {
    console.error(`error GC_TEST_NO_MATCH: no test matches ${wanted.join(' ')}`);
    return 2;
  }
  if (groups.some((group) => group.kind !== 'unit')) {
    await setUpTestMachine();
    await buildConsole();
  }
  const scratch = mkdtempSync(join(tmpdir(), 'guardcell-test-'));
  let total = NOTHING;
  // One engine for all files that want it; when it cannot be had, each says so itself.
  const docker = groups.some((group) => group.kind !== 'unit') ? await ensureDocker() : undefined;
  try {
    for (const group of groups) total = add(total, await runGroup(group, scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await docker?.stop();
  }
  if (total.totalLines > 0) {
    const percent = ((100 * total.coveredLines) / total.totalLines).toFixed(1);
    console.log(`line coverage of unit tests: ${percent} % (${total.coveredLines} of ${total.totalLines})`);
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
