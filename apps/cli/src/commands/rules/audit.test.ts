import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import type { CommandContext, OptionValues } from '../../command.ts';
import { webhookKubeconfig } from '../k8s/audit-config.ts';
import { rulesAudit } from './audit.ts';
import { type InputText, inputLines, inputTexts } from './audit-input.ts';

const RULES = `
- rule: Pod made
  desc: d
  condition: ka.verb = create and ka.target.resource = pods
  output: Pod made (user=%ka.user.name pod=%ka.target.name)
  priority: WARNING
  source: k8s_audit
  tags: [b, a]
`;

function event(name: string): Record<string, unknown> {
  return {
    kind: 'Event',
    auditID: `id-${name}`,
    stage: 'ResponseComplete',
    verb: 'create',
    user: { username: 'mallory' },
    objectRef: { resource: 'pods', name },
    stageTimestamp: '2026-03-01T12:00:00.123456789Z',
  };
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command over a file with this content. */
async function audit(content: string, options: OptionValues = {}): Promise<Ran> {
  const dir = mkdtempSync(join(tmpdir(), 'gc-rules-audit-'));
  try {
    const rules = join(dir, 'rules.yaml');
    const events = join(dir, 'events.jsonl');
    writeFileSync(rules, RULES);
    writeFileSync(events, content);
    let out = '';
    let err = '';
    const context: CommandContext = {
      positionals: [events],
      options: { rules: [rules], ...options },
      logger: silentLogger,
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      styled: () => undefined,
      isTty: false,
      signal: new AbortController().signal,
    };
    return { code: await rulesAudit.run(context), out, err };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test('events and lists of events, one a line, become alerts in Falco’s JSON', async () => {
  const list = JSON.stringify({ kind: 'EventList', items: [event('b'), event('c')] });
  const { code, out, err } = await audit(`${JSON.stringify(event('a'))}\n\n${list}\n`, {
    output: 'jsonl',
    stats: 'json',
  });
  assert.equal(code, 0);
  const alerts = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  assert.equal(alerts.length, 3);
  const [first] = alerts;
  assert.deepEqual(
    [first?.['rule'], first?.['priority'], first?.['source'], first?.['time'], first?.['tags']],
    ['Pod made', 'Warning', 'k8s_audit', '2026-03-01T12:00:00.123456789Z', ['a', 'b']],
  );
  assert.equal((first?.['output_fields'] as Record<string, unknown> | undefined)?.['ka.target.name'], 'a');
  const stats = JSON.parse(err) as Readonly<Record<string, unknown>>;
  assert.deepEqual([stats['events'], stats['alerts'], stats['rules']], [3, 3, { 'Pod made': 3 }]);
});

test('a bad line is named with its number, and the lines after it are evaluated', async () => {
  const { code, out, err } = await audit(
    `${JSON.stringify(event('a'))}\n{"half":\n7\n${JSON.stringify(event('b'))}\n`,
  );
  assert.equal(code, 6);
  assert.equal(out.split('\n').length - 1, 2);
  assert.match(err, /line 2: not JSON/);
  assert.match(err, /line 3: neither an audit event/);
  assert.match(err, /2 events, 2 alerts .*2 bad lines/);
});

test('one JSON document over many lines is read as a whole', async () => {
  for (const document of [event('a'), [event('a')], { kind: 'EventList', items: [event('a')] }]) {
    const { code, out } = await audit(JSON.stringify(document, null, 2));
    assert.equal(code, 0);
    assert.equal(out, '12:00:00.123456789: Warning Pod made (user=mallory pod=a)\n');
  }
});

test('other JSON in the log is passed over and counted', async () => {
  const { code, err } = await audit(`{"kind":"Other"}\n${JSON.stringify(event('a'))}\n`);
  assert.equal(code, 0);
  assert.match(err, /1 events, 1 alerts .*1 ignored/);
});

test('lines that are too long are passed over to their end', async () => {
  async function* chunks(): AsyncGenerator<string, void, void> {
    yield 'a\nbbbb';
    yield 'bbbbbbbb';
    yield 'bb\nc\n';
    yield 'ddddddddddddd';
  }
  const found: InputText[] = [];
  for await (const input of inputTexts(inputLines(chunks(), 8), 8)) found.push(input);
  assert.deepEqual(
    found.map(({ line, text }) => [line, text]),
    [
      [1, 'a'],
      [2, undefined],
      [3, 'c'],
      [4, undefined],
    ],
  );
});

test('the key goes into the token over https, and into the address over http', () => {
  const token = 'gck_key';
  const secure = webhookKubeconfig({ url: 'https://g.example/base/', token, authority: 'PEM' });
  assert.match(secure, /server: https:\/\/g\.example\/base\/k8s-audit\n/);
  assert.match(secure, /token: gck_key/);
  assert.match(secure, new RegExp(`certificate-authority-data: ${Buffer.from('PEM').toString('base64')}`));
  const plain = webhookKubeconfig({ url: 'http://127.0.0.1:8610', token, authority: '' });
  assert.match(plain, /server: http:\/\/audit:gck_key@127\.0\.0\.1:8610\/k8s-audit\n/);
  assert.doesNotMatch(plain, /token/);
});
