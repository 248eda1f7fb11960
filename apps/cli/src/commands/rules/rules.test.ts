// The commands for rule authors without a platform: what they print and with which code they end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import type { Command, OptionValues } from '../../command.ts';
import { PROJECT_ROOT } from '../../paths.ts';
import { renderSpans } from '../../style.ts';
import { bench } from '../project/index.ts';
import { rulesBench } from './bench.ts';
import { rulesDiff } from './diff.ts';
import { rulesExplain } from './explain.ts';
import { rulesFields } from './fields.ts';
import { rulesValidate } from './index.ts';
import { rulesList } from './list.ts';
import { rulesTest } from './test.ts';
import { changes } from './test-watch.ts';
import { rulesTune } from './tune.ts';

const RULES = `
- macro: shell
  condition: proc.name in (sh, bash)
- rule: Shell started
  desc: A shell was started
  condition: evt.type=execve and shell and container.id != host
  output: shell %proc.name
  priority: warning
  tags: [container, T1059.004]
- rule: Quiet one
  desc: d
  condition: evt.type=openat and fd.name=/x
  output: o
  priority: critical
  enabled: false
`;

const TESTS = `
rule: Shell started
tests:
  - name: a shell fires
    event: { type: execve, process: { name: sh }, container: {} }
    fires: true
  - name: not on the host
    event: { type: execve, process: { name: sh } }
    fires: false
`;

let scratch: string;
let rules: string;

before(() => {
  scratch = mkdtempSync(join(tmpdir(), 'guardcell-rule-tools-'));
  rules = join(scratch, 'own.yaml');
  writeFileSync(rules, RULES);
  writeFileSync(join(scratch, 'own.test.yaml'), TESTS);
});
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  command: Command,
  positionals: readonly string[],
  options: OptionValues = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await command.run({
    positionals,
    options,
    logger: silentLogger,
    out: (text) => {
      out += text;
    },
    styled: (spans) => {
      out += renderSpans(spans, { isTty: false, colours: false });
    },
    err: (text) => {
      err += text;
    },
    isTty: false,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

function file(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

describe('rules test', () => {
  test('a rule file brings its tests along, a test file its rules', async () => {
    for (const given of [rules, join(scratch, 'own.test.yaml')]) {
      const { code, out } = await run(rulesTest, [given]);
      assert.equal(code, 0, out);
      assert.match(out, /✔ Shell started {2}2 tests/);
      assert.match(out, /1 rule, 2 tests: 2 passed, 1 rule without tests/);
    }
  });

  test('a failure names the place and the check that decided', async () => {
    const wrong = file('wrong.test.yaml', TESTS.replace('name: sh }, container', 'name: zsh }, container'));
    const { code, out } = await run(rulesTest, [wrong], { rules: [rules] });
    assert.equal(code, 1);
    assert.match(
      out,
      /wrong\.test\.yaml:4 a shell fires\n {6}the rule did not fire\n {8}✖ proc\.name in \(sh, bash\) {3}is zsh\n/,
    );
    const tree = await run(rulesTest, [wrong], { rules: [rules], tree: true });
    assert.match(tree.out, /shell \(macro\)/);
  });

  test('rules without a test that fires fail only when tests are required', async () => {
    const { code, out } = await run(rulesTest, [rules], { 'require-tests': true });
    assert.equal(code, 1);
    assert.match(out, /✖ Quiet one {2}has no test that expects it to fire/);
  });

  test('JSON and JUnit carry every outcome', async () => {
    const json = JSON.parse((await run(rulesTest, [rules], { output: 'json' })).out) as {
      passed: number;
      untested: string[];
    };
    assert.deepEqual([json.passed, json.untested], [2, ['Quiet one']]);
    const odd = file(
      'odd.test.yaml',
      TESTS.replace('a shell fires', '"<&\\u0001 \\"x\\""').replace('true', 'false'),
    );
    const { out, code } = await run(rulesTest, [odd], { rules: [rules], output: 'junit' });
    assert.equal(code, 1);
    assert.match(out, /<testsuite name="[^"]*odd\.test\.yaml" tests="2" failures="1">/);
    assert.match(out, /name="&lt;&amp;\uFFFD &quot;x&quot;"/);
  });

  test('an error in a rule file fails the run and is told', async () => {
    const broken = file(
      'broken.yaml',
      `${RULES}\n- rule: Broken\n  desc: d\n  condition: proc.nme=x\n  output: o\n  priority: error\n`,
    );
    const { code, err } = await run(rulesTest, [broken, join(scratch, 'own.test.yaml')]);
    assert.equal(code, 1);
    assert.match(err, /broken\.yaml:\d+:\d+: error LOAD_ERR_COMPILE_CONDITION/);
  });

  test('no tests, unknown rules and unknown formats are mistakes', async () => {
    const lonely = file('lonely.yaml', RULES);
    await assert.rejects(run(rulesTest, [lonely]), { code: 'GC_TEST_NO_MATCH' });
    await assert.rejects(run(rulesTest, [rules], { rule: ['Shell startd'] }), {
      code: 'GC_RULE_NOT_FOUND',
      hint: /Shell started/,
    });
    await assert.rejects(run(rulesTest, [rules], { output: 'xml' }), { code: 'GC_USAGE' });
    await assert.rejects(run(rulesTest, [join(scratch, 'none.yaml')]), { code: 'GC_RULES_FILE_NOT_FOUND' });
  });

  test('watching tells each burst of changes once, and ends with its signal', {
    timeout: 10_000,
  }, async () => {
    const folder = join(scratch, 'watched');
    mkdirSync(folder);
    const stop = new AbortController();
    const seen = changes([folder], stop.signal);
    const first = seen.next();
    const target = join(folder, 'a.yaml');
    // The watcher needs a moment to start; further writes belong to the same burst.
    const writing = setInterval(() => writeFileSync(target, String(Math.random())), 20);
    setTimeout(() => clearInterval(writing), 300);
    assert.deepEqual(await first, { done: false, value: target });
    const last = seen.next();
    stop.abort();
    assert.equal((await last).done, true);
  });
});

describe('rules explain', () => {
  const EVENT = 'type: execve\nprocess: { name: zsh }\ncontainer: {}\n';

  test('says why a rule is silent on an event', async () => {
    const event = file('event.yaml', EVENT);
    const { code, out } = await run(rulesExplain, ['shell started'], { rules: [rules], event });
    assert.equal(code, 1);
    assert.match(out, /Shell started does not match event 1/);
    assert.match(out, /because\n {4}proc\.name in \(sh, bash\) {3}is zsh/);
  });

  test('closes macros below the depth asked for', async () => {
    const event = file('event.yaml', EVENT);
    const { out } = await run(rulesExplain, ['Shell started'], { rules: [rules], event, depth: '0' });
    assert.match(out, /✖ shell \(macro\) {2}\(1 checks; --depth opens more\)/);
    assert.doesNotMatch(out.split('because')[0] ?? '', /proc\.name in/);
  });

  test('without a rule, says of every rule that sees the event whether it matches', async () => {
    const event = file('event.yaml', EVENT.replace('zsh', 'bash'));
    const { code, out } = await run(rulesExplain, [], { rules: [rules], event });
    assert.equal(code, 0);
    assert.match(out, /1 of 1 rules for this type of event match\n {2}✔ Shell started/);
  });

  test('describes a rule with its macros put in', async () => {
    const { out, code } = await run(rulesExplain, ['Shell started'], { rules: [rules] });
    assert.equal(code, 0);
    assert.match(out, /shell \(macro\)\n {6}proc\.name in \(sh, bash\)/);
    assert.match(out, /found by {2}proc\.name: sh \| bash/);
    const json = JSON.parse(
      (await run(rulesExplain, ['Shell started'], { rules: [rules], output: 'json' })).out,
    ) as {
      eventTypes: string[];
    };
    assert.deepEqual(json.eventTypes, ['execve']);
  });

  test('mistakes have their place and hint', async () => {
    const bad = file('bad-event.yaml', 'type: execve\nproces: { name: sh }\n');
    await assert.rejects(run(rulesExplain, ['Shell started'], { rules: [rules], event: bad }), {
      code: 'GC_RULES_EVENT',
      at: /bad-event\.yaml:2$/,
      message: /did you mean 'process'/,
    });
    await assert.rejects(run(rulesExplain, ['Shel started'], { rules: [rules] }), {
      code: 'GC_RULE_NOT_FOUND',
      hint: /Shell started/,
    });
    await assert.rejects(run(rulesExplain, []), { code: 'GC_USAGE' });
    await assert.rejects(run(rulesExplain, ['x'], { depth: 'deep', rules: [rules] }), { code: 'GC_USAGE' });
  });
});

describe('rules list and rules fields', () => {
  test('rules of files are filtered by tag, technique, severity, state and words', async () => {
    const names = async (
      positionals: readonly string[],
      options: OptionValues,
    ): Promise<readonly string[]> => {
      const { out } = await run(rulesList, positionals, { rules: [rules], output: 'json', ...options });
      return (JSON.parse(out) as { items: { name: string }[] }).items.map(({ name }) => name);
    };
    assert.deepEqual(await names([], {}), ['Shell started', 'Quiet one']);
    assert.deepEqual(await names([], { technique: ['T1059'] }), ['Shell started']);
    assert.deepEqual(await names([], { tag: ['container'] }), ['Shell started']);
    assert.deepEqual(await names([], { severity: ['critical', 'high'] }), ['Quiet one']);
    assert.deepEqual(await names([], { disabled: true }), ['Quiet one']);
    assert.deepEqual(await names([], { source: ['k8s_audit'] }), []);
    assert.deepEqual(await names(['SHELL'], {}), ['Shell started']);
    await assert.rejects(run(rulesList, [], { rules: [rules], severity: ['urgent'] }), { code: 'GC_USAGE' });
  });

  test("Guardcell's own rules are there without a platform", async () => {
    const { out, err } = await run(rulesList, [], { local: true });
    assert.equal(err, '');
    assert.match(out, /builtin\//);
  });

  test('fields are found by part and by pattern, with the operators that apply', async () => {
    const found = async (pattern: string): Promise<readonly { name: string; operators: string[] }[]> =>
      (
        JSON.parse((await run(rulesFields, [pattern], { output: 'json' })).out) as {
          items: { name: string; operators: string[] }[];
        }
      ).items;
    assert.ok((await found('proc.a*')).every(({ name }) => name.startsWith('proc.a')));
    assert.deepEqual(
      (await found('proc.aname[2]')).map(({ name }) => name),
      ['proc.aname'],
    );
    assert.ok((await found('fd.name'))[0]?.operators.includes('startswith'));
    const markdown = await run(rulesFields, ['proc.pid'], { output: 'markdown' });
    assert.match(markdown.out, /^\| Field \|/);
    await assert.rejects(run(rulesFields, ['proc.nmae']), { code: 'GC_FIELD_NOT_FOUND', hint: /proc\.name/ });
    await assert.rejects(run(rulesFields, [], { events: true, operators: true }), { code: 'GC_USAGE' });
  });
});

describe('rules diff', () => {
  test('equal sets end with 0, others with 1 and say what changed', async () => {
    const other = file(
      'other.yaml',
      RULES.replace('(sh, bash)', '(sh, zsh)').replace('priority: critical', 'priority: error'),
    );
    assert.equal((await run(rulesDiff, [rules, rules])).code, 0);
    const { code, out } = await run(rulesDiff, [rules, other]);
    assert.equal(code, 1);
    assert.match(out, /~ Shell started {2}detects differently {2}through macro shell/);
    assert.match(out, /~ Quiet one\n {4}priority\n {6}- critical\n {6}\+ error/);
    await assert.rejects(run(rulesDiff, [rules]), { code: 'GC_USAGE' });
  });
});

describe('rules tune and bench rules', () => {
  test('tune wants alerts or a rule, not both and not neither', async () => {
    for (const options of [
      {},
      { alert: ['a-1-1'], rule: 'x' },
      { alert: ['a-1-1'], file: 'f' },
      { rule: 'x', choose: '0' },
    ])
      await assert.rejects(run(rulesTune, [], options), { code: 'GC_USAGE' });
  });

  test('bench refuses options that mean nothing together', async () => {
    for (const [name, options] of [
      ['rules', { loops: '3' }],
      ['rules', { capture: 'x', events: '3' }],
      ['rules', { capture: 'x', loops: 'many' }],
      ['sensor', { rules: ['x'] }],
      ['nothing', {}],
    ] as const) {
      await assert.rejects(async () => run(bench, [name], options), { code: 'GC_USAGE' });
    }
  });
});

describe('as a process', () => {
  function guardcell(input: string, ...args: readonly string[]): Ran {
    const entry = join(PROJECT_ROOT, 'apps/cli/src/main.ts');
    const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      encoding: 'utf8',
      input,
    });
    return { code: result.status ?? -1, out: result.stdout, err: result.stderr };
  }

  test('rules come from stdin, and a rule that is not there ends with 3', () => {
    const found = guardcell(RULES, 'rules', 'explain', '-r', '-', 'Quiet one');
    assert.equal(found.code, 0, found.err);
    assert.match(found.out, /file +stdin:\d+/);
    const missing = guardcell(RULES, 'rules', 'explain', '-r', '-', 'Quiet on');
    assert.equal(missing.code, 3);
    assert.match(missing.err, /^error GC_RULE_NOT_FOUND.*\n.*Quiet one/);
  });
});

describe('rules bench', () => {
  test('says for each rule on how many events it was measured, and how many it matched', async () => {
    const { code, out, err } = await run(rulesBench, ['Shell started'], { rules: [rules], output: 'json' });
    assert.equal(code, 0);
    const report = JSON.parse(out) as { costs: { rule: string; events: number; matches: number }[] };
    assert.equal(report.costs[0]?.rule, 'Shell started');
    assert.ok((report.costs[0]?.events ?? 0) > 50);
    assert.ok((report.costs[0]?.matches ?? 0) > 5);
    assert.match(err, /rules together: [\d.]+ µs of CPU/);
  });

  test('refuses a rule that does not exist', async () => {
    await assert.rejects(run(rulesBench, ['Shel started'], { rules: [rules] }), {
      code: 'GC_RULE_NOT_FOUND',
    });
  });
});

describe('what says nothing', () => {
  test('a folder without rule files is an error, not a green result', async () => {
    const empty = join(scratch, 'empty');
    mkdirSync(empty, { recursive: true });
    for (const work of [() => run(rulesValidate, [empty]), () => run(rulesDiff, [empty, rules])])
      await assert.rejects(async () => await work(), { code: 'GC_RULES_NONE' });
  });

  test('files that cannot be read are not called the same', async () => {
    const broken = file('broken.yaml', '{');
    const { code, out } = await run(rulesDiff, [broken, broken]);
    assert.equal(code, 1);
    assert.match(out, /not everything could/);
  });
});
