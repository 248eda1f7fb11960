// The tools for rule authors against a real platform: explaining a stored alert, tuning its rule, the library.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { TuneResult } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import type { ExplainedNode } from '@guardcell/rules';
import { alertOf, type Marker, marker } from '../support/marker.ts';
import { eventually, type Platform, startPlatform } from '../support/platform.ts';

const skip = process.getuid?.() === 0 ? false : 'the sensor needs root';
const PATIENCE_MS = 20_000;

interface Explained {
  readonly rule: string;
  readonly tree: ExplainedNode;
}

function checks(node: ExplainedNode): readonly ExplainedNode[] {
  return node.kind === 'check' ? [node] : node.children.flatMap(checks);
}

suite('tools for rule authors', { skip, timeout: 180_000 }, () => {
  let scratch: string;
  let platform: Platform;
  let own: Marker;

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'gc-rule-tools-'));
    own = marker(scratch, 'Marker of the rule tools test');
    writeFileSync(join(scratch, 'rules.yaml'), own.yaml);
    platform = await startPlatform({ rules: [join(scratch, 'rules.yaml')] });
  });
  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  async function freshAlert(): Promise<Alert> {
    const name = own.touch();
    return eventually('the alert', PATIENCE_MS, () => alertOf(platform, own.rule, name));
  }

  test('an alert is explained with every check of its rule and the value it saw', async () => {
    const alert = await freshAlert();
    const explained = await platform.json<Explained>('rules', 'explain', alert.id);
    assert.equal(explained.rule, own.rule);
    assert.equal(explained.tree.holds, true);
    const found = checks(explained.tree);
    assert.deepEqual(
      found.map(({ field, holds }) => [field, holds]),
      [
        ['evt.type', true],
        ['evt.is_open_write', true],
        ['fd.name', true],
      ],
    );
    assert.equal(found[2]?.actual, `${scratch}/${alert.message.slice(alert.message.lastIndexOf('/') + 1)}`);

    const shown = await platform.cli('rules', 'explain', alert.id);
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /✔ evt\.is_open_write = true {3}is true/);
    assert.ok(!shown.out.includes('\u001b'), 'no colours in a pipe');
  });

  test('an alert that is not stored is not found', async () => {
    const { code, err } = await platform.cli('rules', 'explain', 'nothing-1-1');
    assert.equal(code, 3, err);
    assert.match(err, /GC_NOT_FOUND/);
  });

  test('the library is listed and filtered', async () => {
    const { items } = await platform.json<{ items: { name: string; enabled: boolean }[] }>(
      'rules',
      'list',
      '--severity',
      'medium',
      'Marker',
    );
    assert.deepEqual(
      items.map(({ name }) => name),
      [own.rule],
    );
    assert.deepEqual((await platform.json<{ items: unknown[] }>('rules', 'list', '--disabled')).items, []);
    const { code, err } = await platform.cli('rules', 'list', '--severity', 'urgent');
    assert.equal(code, 2);
    assert.match(err, /critical, high/);
  });

  test('tuning proposes an exception that silences the alerts, and applied it does', async () => {
    const alert = await freshAlert();
    const result = await platform.json<TuneResult & { yaml: string; applied: unknown }>(
      'rules',
      'tune',
      '--rule',
      own.rule,
    );
    assert.equal(result.rule, own.rule);
    assert.equal(result.applied, null, 'nothing is applied unasked');
    const [narrowest] = result.proposals;
    assert.ok(narrowest !== undefined);
    assert.equal(narrowest.preview.silenced, narrowest.preview.looked);
    assert.match(result.yaml, /override:\n {4}exceptions: append/);

    const number = result.proposals.findIndex(({ notes }) => notes.includes('prefix')) + 1;
    assert.ok(number > 0, 'a proposal for the whole folder');
    const mine = join(scratch, 'tuned.yaml');
    const chosen = ['--alert', alert.id, '--apply', '--accept-risk'];
    const written = await platform.cli('rules', 'tune', ...chosen, '--file', mine);
    assert.equal(written.code, 0, written.err);
    assert.match(readFileSync(mine, 'utf8'), /- rule: Marker of the rule tools test/);

    const applied = await platform.json<{ applied: { file: string } }>(
      'rules',
      'tune',
      '--rule',
      own.rule,
      '--choose',
      String(number),
      '--apply',
      '--accept-risk',
    );
    assert.match(applied.applied.file, /^custom\//);
    const silent = await eventually('the exception is in force', PATIENCE_MS, async () => {
      const before = own.touch();
      // Alerts come in order: when this rule's own alert does not come within the time others took, it is silenced.
      await new Promise((done) => setTimeout(done, 1500));
      return (await alertOf(platform, own.rule, before)) === undefined ? before : undefined;
    });
    assert.equal(await alertOf(platform, own.rule, silent), undefined);
    const status = await platform.json<{ rules: { errors: number } }>('status');
    assert.equal(status.rules.errors, 0);
  });

  test('mistakes in tuning have their own code and hint', async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[], 2, /GC_USAGE.*\n.*--alert ID/],
      [['--alert', 'nothing-1-1'], 3, /GC_NOT_FOUND/],
      [['--rule', 'Marker of the rule tols test'], 3, /GC_RULE_NOT_FOUND.*\n.*Marker of the rule tools test/],
      [['--rule', own.rule, '--last', '0'], 2, /GC_USAGE/],
      [['--rule', own.rule, '--choose', '99'], 2, /there is no proposal 99/],
      [['--rule', own.rule, '--file', 'x'], 2, /Add --apply/],
    ];
    for (const [args, code, says] of cases) {
      const result = await platform.cli('rules', 'tune', ...args);
      assert.equal(result.code, code, `${args.join(' ')}: ${result.err}`);
      assert.match(result.err, says);
      assert.equal(result.out, '');
    }
  });
});
