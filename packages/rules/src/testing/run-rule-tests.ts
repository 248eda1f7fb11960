// Runs the tests of a rule test file against loaded rules.
import { nearestName } from '@guardcell/core';
import { createEngine } from '../engine/engine.ts';
import { type ExplainedNode, explainTree } from '../explain/explain-tree.ts';
import type { CompiledRule, LoadResult } from '../loader/load-rules.ts';
import { readYaml, type YamlNode } from '../loader/yaml-tree.ts';
import { type ReadEvent, readEventSpec } from './read-event-spec.ts';
import { boolean, readShape, type Shape, SpecFailure, text, textOrList } from './read-spec.ts';

export interface TestOutcome {
  readonly rule: string;
  readonly test: string;
  readonly passed: boolean;
  /** Whether the rule is expected to fire; left out where the test could not be read. */
  readonly fires?: boolean;
  /** What went wrong; empty when it passed. */
  readonly detail: string;
  readonly file: string;
  readonly line: number;
  /** Of a test whose rule did not do what it should: how its condition came out. */
  readonly explanation?: ExplainedNode;
}

export interface TestRunOptions {
  /** Only tests of rules that this holds for are run. */
  readonly ruleFilter?: (rule: string) => boolean;
}

interface RuleTest {
  readonly rules: readonly string[];
  readonly name: string;
  readonly read: ReadEvent;
  readonly fires: boolean;
  readonly output: string | undefined;
}

const TEST: Shape = {
  name: text,
  rule: text,
  event: readEventSpec,
  fires: boolean,
  output: text,
};

const FILE: Shape = {
  rule: text,
  rules: textOrList,
  tests: (node) => (node.kind === 'sequence' ? node.items : []),
};

/** One outcome for each test and rule. A file that cannot be read is one failed outcome; disabled rules are tested too. */
export function runRuleTests(
  load: LoadResult,
  content: string,
  fileName = 'tests',
  options: TestRunOptions = {},
): readonly TestOutcome[] {
  const { documents, failure } = readYaml(content);
  if (failure !== undefined) return [failed('', '', failure.message, fileName, failure.at.line)];
  const wanted = options.ruleFilter ?? (() => true);
  return documents.flatMap((document) => runDocument({ load, wanted, file: fileName }, document));
}

interface Run {
  readonly load: LoadResult;
  readonly file: string;
  wanted(rule: string): boolean;
}

function failed(rule: string, test: string, detail: string, file: string, line: number): TestOutcome {
  return { rule, test, passed: false, detail, file, line };
}

function runDocument(run: Run, document: YamlNode): readonly TestOutcome[] {
  const { file } = run;
  try {
    const top = readShape(document, FILE);
    const rules = [top['rule'], top['rules']].flat().filter((name) => typeof name === 'string');
    const tests = (top['tests'] ?? []) as readonly YamlNode[];
    if (tests.length === 0) return [failed('', '', 'the file has no tests', file, document.at.line)];
    return tests.flatMap((node) => runNode(run, node, rules));
  } catch (thrown) {
    return [failureOf(thrown, document, file)];
  }
}

function failureOf(thrown: unknown, node: YamlNode, file: string): TestOutcome {
  if (!(thrown instanceof SpecFailure)) throw thrown;
  return failed('', testName(node), thrown.message, file, thrown.line);
}

function testName(node: YamlNode): string {
  const name = node.kind === 'map' ? node.entries.find((entry) => entry.key === 'name')?.value : undefined;
  return name?.kind === 'scalar' ? name.text : '';
}

function runNode(run: Run, node: YamlNode, rules: readonly string[]): readonly TestOutcome[] {
  try {
    const test = readTest(node, rules);
    return test.rules
      .filter((rule) => run.wanted(rule))
      .map((rule) => runTest(run, test, rule, node.at.line));
  } catch (thrown) {
    return [failureOf(thrown, node, run.file)];
  }
}

function readTest(node: YamlNode, rules: readonly string[]): RuleTest {
  const shape = readShape(node, TEST);
  const { name, rule, event, fires, output } = shape as {
    readonly name?: string;
    readonly rule?: string;
    readonly event?: ReadEvent;
    readonly fires?: boolean;
    readonly output?: string;
  };
  if (name === undefined || event === undefined || fires === undefined) {
    throw new SpecFailure("a test needs 'name', 'event' and 'fires'", node.at.line);
  }
  const own = rule === undefined ? rules : [rule];
  if (own.length === 0)
    throw new SpecFailure("no rule is named: add 'rule' to the file or the test", node.at.line);
  return { rules: own, name, read: event, fires, output };
}

function runTest({ load, file }: Run, test: RuleTest, ruleName: string, line: number): TestOutcome {
  const fail = (detail: string): TestOutcome => ({
    ...failed(ruleName, test.name, detail, file, line),
    fires: test.fires,
  });
  const rule = load.rules.find((candidate) => candidate.name === ruleName);
  if (rule === undefined) return fail(missingRule(load, ruleName));
  const built = test.read.make();
  if ('problem' in built) return fail(built.problem);
  const { users } = test.read;
  const environment = { userName: (uid: number) => users[String(uid)] };
  const messages: string[] = [];
  const engine = createEngine(onlyRule(load, rule), environment);
  engine.evaluate(built.event, (match) => messages.push(match.message()));
  const [message] = messages;
  const explained = (detail: string): TestOutcome => ({
    ...fail(detail),
    explanation: explainTree(rule, built.event, environment),
  });
  const source = built.event.source ?? 'syscall';
  if (test.fires && source !== rule.source)
    return fail(`the rule is for events of the source ${rule.source}, this one is of ${source}`);
  if (test.fires && message === undefined) return explained('the rule did not fire');
  if (!test.fires && message !== undefined) return explained(`the rule fired: ${message}`);
  if (test.output !== undefined && message !== undefined && !message.includes(test.output)) {
    return fail(`the message does not contain '${test.output}': ${message}`);
  }
  return { rule: ruleName, test: test.name, passed: true, fires: test.fires, detail: '', file, line };
}

function onlyRule(load: LoadResult, rule: CompiledRule): LoadResult {
  return { ...load, rules: [{ ...rule, enabled: true }] };
}

function missingRule(load: LoadResult, name: string): string {
  const problem = load.problems.find((candidate) => candidate.item === name && candidate.level === 'error');
  if (problem !== undefined)
    return `the rule did not load: ${problem.message} (${problem.file}:${problem.line})`;
  const near = nearestName(
    name,
    load.rules.map((rule) => rule.name),
  );
  return `there is no rule '${name}'${near === undefined ? '' : `, did you mean '${near}'?`}`;
}
