// Compatibility: the public captures replay without a bad event, and the known result of one rule comes out to the letter.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openCapture } from '@guardcell/capture';
import { createEngine, enterEventTypes, loadRules } from '@guardcell/rules';
import { type CommandResult, tryCommand } from '../support/run-command.ts';

const ROOT = join(import.meta.dirname, '../..');
const COMPAT = join(ROOT, '../shared/compat/falco');
const skip = existsSync(COMPAT) ? false : 'the compatibility material is not beside the checkout';

/** Events in each capture, enter events included. */
const CAPTURES: Readonly<Record<string, number>> = {
  'cat_write-c4cf36b9': 345,
  'connect_localhost-8806a67a': 374,
  'empty-99d6d5c4': 143,
  'empty-9e0651e3': 83,
  'open-multiple-files-61832b17': 1272,
  'ping_sendto-939de436': 1526,
  'privileged-c554277f': 2059,
  'run_as_user_0_container-641c4c5f': 4143,
  'run_as_user_65534_container-63e58a10': 241,
  'syscall-90dc870a': 368,
  'write_tmp_test-caaa73cb': 229,
};
const capturePath = (name: string): string => join(COMPAT, 'captures', `${name}.scap`);

const RULE = `
- rule: open_from_cat
  desc: Any open by a process that is called cat.
  condition: evt.type=open and proc.name=cat
  output: "An open was seen (command=%proc.cmdline)"
  priority: WARNING
  tags: [filesystem, process, testing]
`;

async function replay(args: readonly string[], input?: string): Promise<CommandResult> {
  const main = join(ROOT, 'apps/cli/src/main.ts');
  const words = ['--disable-warning=ExperimentalWarning', main, 'rules', 'replay', ...args];
  return tryCommand(process.execPath, words, input === undefined ? {} : { input });
}

describe('public captures', { skip }, () => {
  for (const [name, events] of Object.entries(CAPTURES)) {
    test(`${name} has ${events} events and none is bad`, async () => {
      const load = loadRules(
        ['falco_rules', 'falco-incubating_rules', 'falco-sandbox_rules'].map((file) => ({
          name: `${file}.yaml`,
          content: readFileSync(join(COMPAT, 'rules', `${file}.yaml`), 'utf8'),
        })),
      );
      const engine = createEngine(load);
      const alerts: string[] = [];
      const stats = await openCapture(capturePath(name)).read({
        eventTypes: engine.eventTypes,
        enterTypes: enterEventTypes(load.rules),
        onEvent: (event) => engine.evaluate(event, (match) => alerts.push(match.rule.name)),
      });
      assert.equal(stats.fault, undefined);
      assert.equal(stats.events, events);
      assert.equal(stats.skippedTypes, 0);
      assert.equal(stats.lostEnterEvents, 0);
    });
  }

  test('every event of every capture has a type, a thread and readable parameters', async () => {
    for (const name of Object.keys(CAPTURES)) {
      await openCapture(capturePath(name)).read({
        onEvent(event) {
          assert.notEqual(event.type, 'NA');
          // Events that describe containers carry no time in old captures.
          if (event.type !== 'container')
            assert.ok(event.timeNs > 1_400_000_000_000_000_000n, `${name}: event ${event.num}`);
          for (const param of event.paramNames()) event.param(param);
        },
      });
    }
  });
});

describe('guardcell rules replay', { skip }, () => {
  let folder = '';
  let rules = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gc-replay-'));
    rules = join(folder, 'rule.yaml');
    writeFileSync(rules, RULE);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const asExpected = ['--time-format', 'iso8601', '--hostname', 'test-falco-hostname'];
  const capture = capturePath('cat_write-c4cf36b9');

  test('prints the known text byte for byte', async () => {
    const { code, stdout, stderr } = await replay(['-r', rules, ...asExpected, '-o', 'text', capture]);
    const expected = readFileSync(join(COMPAT, 'expected/single_rule_with_cat_write.txt'), 'utf8');
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${expected}\n`);
    assert.match(stderr, /345 events, 8 alerts in \d/);
  });

  test('prints the known JSON, value by value', async () => {
    const { code, stdout } = await replay(['-r', rules, ...asExpected, '-o', 'jsonl', capture]);
    const lines = (content: string): unknown[] =>
      content
        .trim()
        .split('\n')
        // Numbers beyond 2^53 would lose digits.
        .map((line) => JSON.parse(line.replaceAll(/:(\d{16,})/g, ':"$1"')));
    const expected = readFileSync(join(COMPAT, 'expected/single_rule_with_cat_write.json'), 'utf8');
    assert.equal(code, 0);
    assert.deepEqual(lines(stdout), lines(expected));
  });

  test('prints the summary as JSON, and ends with 0 when nothing alerts', async () => {
    const { code, stdout, stderr } = await replay([
      '-r',
      rules,
      '--stats',
      'json',
      capturePath('empty-99d6d5c4'),
    ]);
    assert.equal(code, 0);
    assert.equal(stdout, '');
    const stats = JSON.parse(stderr) as Record<string, unknown>;
    assert.equal(stats['events'], 143);
    assert.equal(stats['alerts'], 0);
    assert.equal(typeof stats['seconds'], 'number');
  });

  test('evaluates what comes before the fault of a damaged file, then says where it is', async () => {
    const whole = gunzipSync(readFileSync(capture));
    const cut = join(folder, 'cut.scap');
    writeFileSync(cut, whole.subarray(0, whole.length - 3));
    const { code, stdout, stderr } = await replay(['-r', rules, cut]);
    assert.equal(code, 6);
    assert.equal(stdout.trim().split('\n').length, 8);
    assert.match(stderr, /GC_CAPTURE_TRUNCATED: .* \(byte \d+\)/);
    assert.match(stderr, /344 events, 8 alerts/);
  });

  test('takes only a stretch of time', async () => {
    const times = ['--since', '2016-08-04T16:17:57.881785348Z', '--until', '2016-08-04T16:17:57.882003104Z'];
    const { stdout } = await replay(['-r', rules, ...times, capture]);
    assert.equal(stdout.trim().split('\n').length, 4);
  });

  test('says what is wrong with its arguments', async () => {
    for (const words of [[], ['-o', 'xml', capture], ['--since', 'yesterday', capture], [capture, capture]]) {
      const { code, stderr } = await replay(words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /GC_USAGE/);
    }
    assert.match((await replay(['-r', rules, join(folder, 'none.scap')])).stderr, /GC_CAPTURE_READ/);
  });
});
