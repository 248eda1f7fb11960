// Malformed and hostile rule and response files: each is reported with place and hint, everything else stays in force.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Status } from '@guardcell/contract';
import type { RuleLoadProblem } from '@guardcell/core';
import { alertOf, alertsOf, type Marker, marker } from '../support/marker.ts';
import { eventually, type Platform, startPlatform } from '../support/platform.ts';
import { childrenOf } from '../support/process-tree.ts';
import { command } from '../support/run-command.ts';

const skip = process.getuid?.() === 0 ? false : 'the sensor needs root';
const PATIENCE_MS = 20_000;
/** Opens one alias chain to 10^11 nodes. */
const YAML_BOMB = Array.from({ length: 12 }, (_, level) =>
  level === 0
    ? 'a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n'
    : `a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join()}]\n`,
).join('');

function rule(name: string, condition: string): string {
  return `- rule: ${name}\n  desc: x\n  condition: ${condition}\n  output: x\n  priority: WARNING\n`;
}

interface BadFile {
  readonly content: string | Uint8Array;
  readonly line: number;
  /** Part of the message or hint. */
  readonly says: RegExp;
}

const BAD_RULES: Readonly<Record<string, BadFile>> = {
  'syntax.yaml': { content: rule('A', 'evt.type = open and ('), line: 3, says: /expected/ },
  'yaml.yaml': { content: '- rule: A\n  desc: "x\n', line: 3, says: /quot|unexpected|YAML/i },
  'field.yaml': {
    content: rule('Unknown field', 'evt.type = open and fd.nmae = x'),
    line: 3,
    says: /did you mean 'fd\.name'/,
  },
  'types.yaml': {
    content: '- rule: A\n  desc: x\n  condition: {a: b}\n  output: x\n  priority: WARNING\n',
    line: 3,
    says: /condition/,
  },
  'list.yaml': { content: '- 4\n', line: 1, says: /map/ },
  'bomb.yaml': { content: YAML_BOMB, line: 1, says: /too many/ },
  'flow.yaml': { content: '['.repeat(50_000), line: 1, says: /too deep/ },
  'nested.yaml': {
    content: rule('Nested', `${'('.repeat(10_000)}evt.type = open${')'.repeat(10_000)}`),
    line: 3,
    says: /levels deep/,
  },
  'bytes.yaml': {
    content: Buffer.concat([Buffer.from('- rule: A\n  desc: caf'), Buffer.from([0xe9, 0x0a])]),
    line: 2,
    says: /UTF-8/,
  },
  'zeros.yaml': { content: new Uint8Array(5000), line: 1, says: /./ },
  'huge.yaml': { content: new Uint8Array(5_000_000), line: 0, says: /larger than/ },
};

/** Not wrong, but built to take long: must be taken in stride. */
const HEAVY_RULES: Readonly<Record<string, string>> = {
  'regex.yaml': rule(
    'Heavy regular expression',
    `evt.type = execve and proc.cmdline regex '.*true (a+)+(a+)+(a+)+$'`,
  ),
  'nots.yaml': rule('Many nots', `${'not '.repeat(2000)} evt.type = creat`),
  'big.yaml': `- list: big\n  items: [${Array.from({ length: 50_000 }, (_, i) => `item${i}`).join()}]\n${rule('Big list', 'evt.type = execve and proc.name in (big)')}`,
};

/** Small enough to be read, built to need all the memory there is once lists and macros are in place. */
const EXHAUSTING_RULES: Readonly<Record<string, string>> = {
  'many.yaml': Array.from({ length: 30_000 }, (_, i) =>
    rule(`Rule ${i}`, `evt.type = open and proc.name = a${i}`),
  ).join(''),
  'everywhere.yaml': `- list: big\n  items: [${Array.from({ length: 50_000 }, (_, i) => `item${i}`).join()}]\n${Array.from(
    { length: 100 },
    (_, i) => rule(`Copy ${i}`, `evt.type = execve and proc.name in (big, x${i})`),
  ).join('')}`,
  'maps.yaml': `- ${'{a: '.repeat(1000)}1${'}'.repeat(1000)}\n`.repeat(700),
};
/** What an agent may have grown to when all of them were refused; half of it is there before. */
const AGENT_MAX_MIB = 200;
const AGENT_GROWTH_MIB = 45;

const GOOD_RESPONSE = `apiVersion: guardcell/v1
kind: ResponseRule
metadata: { name: good-one }
spec:
  description: never triggers
  trigger: { rules: ['no such rule'] }
  actions: [{ do: pause }]
`;
const BAD_RESPONSES: Readonly<Record<string, BadFile>> = {
  'unknown-field.yaml': {
    content: `${GOOD_RESPONSE.replace('good-one', 'u')}  surprise: 1\n`,
    line: 8,
    says: /surprise/,
  },
  'guard.yaml': {
    content: `${GOOD_RESPONSE.replace('good-one', 'g')}  guard: 'alert.container.name.startsWith('\n`,
    line: 8,
    says: /./,
  },
  'bomb.yaml': { content: YAML_BOMB, line: 1, says: /./ },
  'flow.yaml': { content: '['.repeat(50_000), line: 1, says: /./ },
  'bytes.yaml': { content: Uint8Array.of(0x61, 0xff), line: 1, says: /UTF-8/ },
};

suite('bad rule and response files harm only themselves', { skip, timeout: 480_000 }, () => {
  let scratch: string;
  let rules: string;
  let responses: string;
  let good: Marker;
  let platform: Platform;
  let defaultRules: number;

  const status = (): Promise<Status> => platform.json<Status>('status');
  const problemsOf = (all: readonly RuleLoadProblem[], file: string): readonly RuleLoadProblem[] =>
    all.filter((problem) => problem.file === file && problem.level === 'error');

  async function alertArrives(): Promise<void> {
    const name = good.touch();
    await eventually('the alert of the good rule', PATIENCE_MS, () => alertOf(platform, good.rule, name));
  }

  /** Waits until each of the files has a problem. */
  async function reported(
    names: readonly string[],
    folder: string,
    problems: (status: Status) => readonly RuleLoadProblem[],
  ): Promise<Status> {
    let missing = names;
    try {
      return await eventually('a problem for each file', PATIENCE_MS, async () => {
        const current = await status();
        missing = names.filter((name) => problemsOf(problems(current), join(folder, name)).length === 0);
        return missing.length === 0 ? current : undefined;
      });
    } catch (cause) {
      throw new Error(`no problem is shown for ${missing.join(', ')}`, { cause });
    }
  }

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'gc-bad-'));
    rules = join(scratch, 'rules');
    responses = join(scratch, 'responses');
    mkdirSync(rules);
    mkdirSync(responses);
    good = marker(scratch, 'Marker of the bad input test');
    writeFileSync(join(rules, 'good.yaml'), good.yaml);
    writeFileSync(join(responses, 'good.yaml'), GOOD_RESPONSE);
    platform = await startPlatform({ rules: [rules], responses: [responses] });
    const fresh = await status();
    assert.deepEqual(fresh.rules.problems, []);
    defaultRules = fresh.rules.loaded - 1;
    assert.ok(defaultRules >= 30, `${defaultRules} default rules`);
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  test('each bad rule file is reported with line, column and what to do, and the good ones stay', async () => {
    for (const [name, { content }] of Object.entries(BAD_RULES)) writeFileSync(join(rules, name), content);
    symlinkSync('/nonexistent/rules.yaml', join(rules, 'dangling.yaml'));
    await command('mkfifo', [join(rules, 'fifo.yaml')]);
    const names = [...Object.keys(BAD_RULES), 'dangling.yaml', 'fifo.yaml'];
    const now = await reported(names, rules, (current) => current.rules.problems);
    assert.ok(now.rules.errors >= names.length);
    assert.equal(now.rules.loaded, defaultRules + 1, 'the default rules and the good one');
    assert.equal(now.rules.enabled, now.rules.loaded);
    for (const [name, { line, says }] of Object.entries(BAD_RULES)) {
      const [problem] = problemsOf(now.rules.problems, join(rules, name));
      assert.match(`${problem?.message} ${problem?.hint}`, says, name);
      assert.equal(problem?.line, line, name);
      assert.ok(line === 0 || (problem?.column ?? 0) > 0, `${name} has a column`);
      assert.notEqual(problem?.hint, '', `${name} has a hint: ${problem?.message}`);
    }
    await alertArrives();
  });

  test('files built to take long are taken in stride', async () => {
    for (const [name, content] of Object.entries(HEAVY_RULES)) writeFileSync(join(rules, name), content);
    await eventually('they are loaded', PATIENCE_MS, async () =>
      (await status()).rules.loaded === defaultRules + 1 + Object.keys(HEAVY_RULES).length ? true : undefined,
    );
    // What a backtracking matcher would need years for.
    await command('/bin/true', [`${'a'.repeat(200)}!`]);
    await command('/bin/true', ['a'.repeat(200)]);
    await alertArrives();
    const heavy = await eventually('the heavy rule matches', PATIENCE_MS, async () => {
      const found = await alertsOf(platform, 'Heavy regular expression');
      return found.length > 0 ? found : undefined;
    });
    assert.ok(heavy.every(({ process: { cmdline } }) => cmdline.endsWith('a')));
    assert.equal((await status()).sensor.state, 'running');
  });

  test('rules that would take all memory are refused, those before stay in force, and the agent stays small', async () => {
    const agentOf = (): number =>
      childrenOf(platform.process.pid ?? 0).find(({ entry }) => entry.includes('/apps/agent/'))?.pid ?? 0;
    const agent = agentOf();
    const rssMiB = (): number => {
      const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${agent}/status`, 'utf8'))?.[1];
      return Math.round(Number(kib) / 1024);
    };
    const before = await status();
    const beforeMiB = rssMiB();
    for (const [name, content] of Object.entries(EXHAUSTING_RULES)) {
      writeFileSync(join(rules, name), content);
      await eventually(`${name} is refused`, 60_000, async () => {
        const [reporting] = (await status()).agents;
        return reporting?.rules.problems.find(({ code }) => code === 'GC_RULES_TOO_HEAVY');
      });
      const now = (await status()).agents[0]?.rules;
      assert.equal(now?.loaded, before.rules.loaded, name);
      assert.match(now?.problems[0]?.message ?? '', /memory|bytes|prepare|longer/);
      assert.match(now?.problems[0]?.hint ?? '', /stay in force/);
      await alertArrives();
      rmSync(join(rules, name));
      await eventually('without the file nothing is wrong', 60_000, async () =>
        (await status()).agents[0]?.rules.errors === before.agents[0]?.rules.errors ? true : undefined,
      );
    }
    assert.equal(agentOf(), agent, 'the agent never ended');
    const after = await status();
    assert.equal(after.sensor.drops, before.sensor.drops, 'the ring was read meanwhile');
    const afterMiB = rssMiB();
    assert.ok(
      afterMiB <= Math.max(AGENT_MAX_MIB, beforeMiB + AGENT_GROWTH_MIB),
      `${afterMiB} MiB, before ${beforeMiB} MiB`,
    );
  });

  test('a mended file loses its error, and a removed one too, without restart', async () => {
    const own = marker(rules, 'Mended rule');
    writeFileSync(join(rules, 'syntax.yaml'), own.yaml);
    for (const name of [...Object.keys(BAD_RULES), 'dangling.yaml', 'fifo.yaml']) {
      if (name !== 'syntax.yaml') rmSync(join(rules, name));
    }
    const clean = await eventually('no problem is left', PATIENCE_MS, async () => {
      const current = await status();
      return current.rules.problems.length === 0 ? current : undefined;
    });
    assert.equal(clean.rules.errors, 0);
    const name = own.touch();
    await eventually('the mended rule fires', PATIENCE_MS, () => alertOf(platform, own.rule, name));
    rmSync(join(rules, 'syntax.yaml'));
    await eventually('a rule goes with its file', PATIENCE_MS, async () =>
      (await status()).rules.loaded === defaultRules + 1 + Object.keys(HEAVY_RULES).length ? true : undefined,
    );
  });

  test('bad response files are reported in the same way and the good one stays', async () => {
    for (const [name, { content }] of Object.entries(BAD_RESPONSES))
      writeFileSync(join(responses, name), content);
    symlinkSync('/nonexistent/x.yaml', join(responses, 'dangling.yaml'));
    const names = [...Object.keys(BAD_RESPONSES), 'dangling.yaml'];
    const now = await reported(names, responses, (current) => current.responses.problems);
    assert.equal(now.responses.loaded, 1);
    for (const [name, { line, says }] of Object.entries(BAD_RESPONSES)) {
      const [problem] = problemsOf(now.responses.problems, join(responses, name));
      assert.match(`${problem?.message} ${problem?.hint}`, says, name);
      assert.equal(problem?.line, line, name);
      assert.ok((problem?.column ?? 0) > 0, `${name} has a column`);
    }
    for (const name of names) rmSync(join(responses, name));
    await eventually('no problem is left', PATIENCE_MS, async () => {
      const { responses: after } = await status();
      return after.problems.length === 0 && after.loaded === 1 ? true : undefined;
    });
  });
});
