// `guardcell rules test`: runs the test files of rules, and says which check decided where one fails.
import { existsSync } from 'node:fs';
import { CodedError } from '@guardcell/kit';
import { type LoadResult, loadRules, runRuleTests, type TestOutcome } from '@guardcell/rules';
import {
  type Command,
  type CommandContext,
  EXIT,
  flag,
  type OptionSpec,
  text,
  texts,
} from '../../command.ts';
import { printValue } from '../../output.ts';
import { oneLine } from '../../terminal.ts';
import {
  isFolder,
  isRuleFile,
  isTestFile,
  problemLine,
  RULES_OPTION,
  readRuleFiles,
  readTextFile,
  ruleNamed,
  rulePaths,
  yamlFilesBelow,
} from './rule-files.ts';
import { junitXml } from './test-junit.ts';
import { changes } from './test-watch.ts';
import { checkLine, decidingChecks, explainedLines } from './tree-lines.ts';

const FORMATS = ['table', 'json', 'jsonl', 'yaml', 'junit'] as const;
type Format = (typeof FORMATS)[number];
const DECIDING_SHOWN = 8;

const OPTIONS: Readonly<Record<string, OptionSpec>> = {
  ...RULES_OPTION,
  rule: { type: 'string', multiple: true, value: 'NAME', help: 'only tests of this rule' },
  'require-tests': { type: 'boolean', help: 'fail when a rule has no test that fires' },
  tree: { type: 'boolean', help: 'show the whole condition of a failed test' },
  watch: { type: 'boolean', short: 'w', help: 'run again whenever a file changes' },
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    help: 'table (default), json, jsonl, yaml or junit',
  },
};

export const rulesTest: Command = {
  name: 'rules test',
  summary: 'run the tests of rules; exit 1 when one fails',
  usage: '[FILE|DIR…]',
  options: OPTIONS,
  isVerdict: true,
  examples: [
    'guardcell rules test',
    'guardcell rules test my-rules/ --require-tests',
    'guardcell rules test -r my-rules.yaml my.test.yaml --rule "My rule"',
    'guardcell rules test my-rules.yaml --watch',
    'guardcell rules test my-rules/ -o junit > results.xml',
  ],
  async run(context) {
    const format = formatOf(context);
    const watching = flag(context.options, 'watch');
    if (watching && format !== 'table')
      throw new CodedError('GC_USAGE', '--watch is for people', { hint: 'Leave -o out.' });
    let code = runOnce(context, format);
    if (!watching) return code;
    const paths = context.positionals.length === 0 ? ['.'] : context.positionals;
    for await (const path of changes([...paths, ...texts(context.options, 'rules')], context.signal)) {
      context.out(`\n${oneLine(path)} changed\n`);
      try {
        code = runOnce(context, format);
      } catch (thrown) {
        // A file that is gone for a moment while an editor saves it.
        if (!(thrown instanceof CodedError)) throw thrown;
        context.err(`error ${thrown.code}: ${thrown.message} (${thrown.at})\n`);
      }
    }
    return code;
  },
};

function formatOf(context: CommandContext): Format {
  const wanted = text(context.options, 'output') ?? 'table';
  const found = FORMATS.find((format) => format === wanted);
  if (found === undefined)
    throw new CodedError('GC_USAGE', `unknown output format '${wanted}'`, {
      hint: `Use one of: ${FORMATS.join(', ')}.`,
    });
  return found;
}

interface Selection {
  readonly rules: readonly string[];
  readonly tests: readonly string[];
}

/** Rule and test files out of what was named: folders give both, each kind of file brings the other along. */
export function selectFiles(given: readonly string[], ruleFiles: readonly string[]): Selection {
  const rules = [...rulePaths(ruleFiles)];
  const tests: string[] = [];
  const beside = (path: string, change: (name: string) => string): string[] =>
    path === '-' || !existsSync(change(path)) ? [] : [change(path)];
  const add = (path: string): void => {
    if (isTestFile(path)) {
      tests.push(path);
      if (ruleFiles.length === 0)
        rules.push(...beside(path, (name) => name.replace(/\.test(\.ya?ml)$/, '$1')));
    } else {
      rules.push(path);
      tests.push(...beside(path, (name) => name.replace(/(\.ya?ml)$/, '.test$1')));
    }
  };
  for (const path of given) {
    if (path === 'builtin') {
      const files = rulePaths([path]);
      for (const file of files) add(file);
    } else if (isFolder(path)) {
      const files = yamlFilesBelow(path);
      rules.push(...files.filter(isRuleFile));
      tests.push(...files.filter(isTestFile));
    } else add(path);
  }
  return { rules: [...new Set(rules)], tests: [...new Set(tests)] };
}

export interface TestReport {
  readonly rules: number;
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  /** Errors of the rule files themselves. */
  readonly errors: number;
  /** Rules without a test that expects them to fire. */
  readonly untested: readonly string[];
  readonly outcomes: readonly TestOutcome[];
}

function runOnce(context: CommandContext, format: Format): number {
  const { options, positionals } = context;
  const ruleFiles = texts(options, 'rules');
  const given = positionals.length > 0 ? positionals : ruleFiles.length > 0 ? ruleFiles : ['builtin'];
  const selection = selectFiles(given, ruleFiles);
  const load = loadRules(readRuleFiles(selection.rules));
  const report = testReport(load, selection, texts(options, 'rule'));
  const required = flag(options, 'require-tests');
  const errors = load.problems.filter(({ level }) => level === 'error');
  for (const problem of errors) context.err(problemLine(problem));
  if (report.tests === 0 && errors.length === 0)
    throw new CodedError('GC_TEST_NO_MATCH', 'there are no tests', {
      hint: 'Tests stand beside the rules, in NAME.test.yaml; packages/rules/README.md says how they look.',
    });
  if (format === 'junit') context.out(junitXml(report));
  else if (format === 'table') printReport(context, report, required);
  else printValue(context, report);
  const failed = report.failed > 0 || report.errors > 0 || (required && report.untested.length > 0);
  return failed ? EXIT.findings : EXIT.ok;
}

/** Runs the tests of the selected files. @throws CodedError GC_RULE_NOT_FOUND for a rule that is not there. */
export function testReport(load: LoadResult, selection: Selection, wanted: readonly string[]): TestReport {
  const names = new Set(wanted.map((name) => ruleNamed(load.rules, name).name));
  const chosen = (rule: string): boolean => names.size === 0 || names.has(rule);
  const outcomes = selection.tests.flatMap((path) =>
    runRuleTests(load, readTextFile(path), path, { ruleFilter: chosen }),
  );
  const fired = new Set(outcomes.filter(({ fires }) => fires === true).map(({ rule }) => rule));
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  return {
    rules: new Set(outcomes.map(({ rule }) => rule)).size,
    tests: outcomes.length,
    passed,
    failed: outcomes.length - passed,
    errors: load.problems.filter(({ level }) => level === 'error').length,
    untested: load.rules.map(({ name }) => name).filter((name) => chosen(name) && !fired.has(name)),
    outcomes,
  };
}

function printReport(context: CommandContext, report: TestReport, required: boolean): void {
  // With -r the rule files may be a whole library that the tests named are only a part of.
  const whole = required || texts(context.options, 'rules').length === 0;
  const byRule = Map.groupBy(report.outcomes, ({ rule, file }) => (rule === '' ? file : rule));
  for (const [rule, outcomes] of byRule) {
    const failed = outcomes.filter(({ passed }) => !passed);
    const count = counted(outcomes.length, 'test');
    if (failed.length === 0) context.styled([['good', '✔ '], oneLine(rule), ['dim', `  ${count}`], '\n']);
    else
      context.styled([['bad', '✖ '], ['strong', oneLine(rule)], `  ${failed.length} of ${count} failed\n`]);
    for (const outcome of failed) printFailure(context, outcome);
  }
  if (required) {
    for (const rule of report.untested)
      context.styled([['bad', '✖ '], ['strong', oneLine(rule)], '  has no test that expects it to fire\n']);
  }
  const { rules, tests, passed, failed, errors, untested } = report;
  context.styled([
    `\n${counted(rules, 'rule')}, ${counted(tests, 'test')}: ${passed} passed`,
    failed === 0 ? '' : (['bad', `, ${failed} failed`] as const),
    errors === 0 ? '' : (['bad', `, ${counted(errors, 'error')} in rule files`] as const),
    untested.length === 0 || !whole
      ? ''
      : (['warn', `, ${counted(untested.length, 'rule')} without tests`] as const),
    '\n',
  ]);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function printFailure(context: CommandContext, outcome: TestOutcome): void {
  const { file, line, test, detail, explanation } = outcome;
  context.styled(['    ', ['dim', `${oneLine(file)}:${line}`], ` ${oneLine(test)}\n`]);
  context.styled(['      ', ['bad', oneLine(detail)], '\n']);
  if (explanation === undefined) return;
  if (flag(context.options, 'tree')) {
    for (const spans of explainedLines(explanation, { depth: Infinity }))
      context.styled(['        ', ...spans, '\n']);
    return;
  }
  // What held says more about a rule that fired than what only did not exclude it.
  const deciding = decidingChecks(explanation).toSorted((a, b) => Number(b.holds) - Number(a.holds));
  for (const node of deciding.slice(0, DECIDING_SHOWN))
    context.styled([
      '        ',
      [node.holds ? 'good' : 'bad', node.holds ? '✔ ' : '✖ '],
      checkLine(node),
      '\n',
    ]);
  if (deciding.length > DECIDING_SHOWN)
    context.styled([
      '        ',
      ['dim', `… ${deciding.length - DECIDING_SHOWN} more; --tree shows all`],
      '\n',
    ]);
}
