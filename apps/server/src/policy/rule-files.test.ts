import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SENSOR, sampleAlert } from '../testing/sample-alerts.ts';
import {
  type Answer,
  sampleUpdate,
  startTestServer,
  type TestServer,
  until,
} from '../testing/test-server.ts';

const rule = (name: string, condition = 'evt.type = openat'): string =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: o %fd.name %proc.cmdline\n  priority: WARNING\n`;

let builtin: string;
before(async () => {
  builtin = await mkdtemp(join(tmpdir(), 'gc-builtin-'));
  await mkdir(join(builtin, 'a'));
  await writeFile(
    join(builtin, 'a/base.yaml'),
    `- macro: opened\n  condition: (evt.type = openat)\n${rule('Base', 'opened')}`,
  );
});
after(() => rm(builtin, { recursive: true, force: true }));

const start = (): Promise<TestServer> => startTestServer({ options: { builtinRulesDir: builtin } });
const address = (name: string): string => `/api/v1/rule-files/${encodeURIComponent(name)}`;

async function names({ call }: TestServer): Promise<string[]> {
  return (await call('/api/v1/rules')).json.items.map((each: { name: string }) => each.name);
}

async function create({ call }: TestServer, body: unknown): Promise<Answer> {
  return call('/api/v1/rule-files', { method: 'POST', body });
}

test('a file made through the API is plain YAML in the folder, in force at once, and sent to the agents', async () => {
  await using fixture = await start();
  const lines: { policy: { ruleFiles: { name: string; content: string }[] } }[] = [];
  fixture.server.platform.desired.listen(
    '',
    (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]),
  );
  const made = await create(fixture, { name: 'web.yaml', content: rule('Mine', 'opened') });
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.file.name, 'custom/web.yaml');
  assert.equal(made.headers.get('etag'), made.json.version);
  assert.deepEqual(await names(fixture), ['Base', 'Mine']);
  assert.equal(await readFile(join(fixture.dir, 'rules.d/web.yaml'), 'utf8'), rule('Mine', 'opened'));
  await until(
    () => lines.at(-1)?.policy.ruleFiles.some((file) => file.name === 'custom/web.yaml') === true,
    1000,
  );
  const audit = (await fixture.call('/api/v1/audit')).json.items[0];
  assert.deepEqual(
    [audit.operation, audit.target, audit.result],
    ['createRuleFile', 'POST /api/v1/rule-files (custom/web.yaml)', 'done'],
  );
});

test('a file changed by hand is the same object: the API shows it, and an old version does not overwrite it', async () => {
  await using fixture = await start();
  const made = await create(fixture, { name: 'web.yaml', content: rule('Mine') });
  await writeFile(join(fixture.dir, 'rules.d/web.yaml'), rule('By hand'));
  await until(async () => (await names(fixture)).includes('By hand'));
  const put = (content: string, headers: Record<string, string>): Promise<Answer> =>
    fixture.call(address('custom/web.yaml'), { method: 'PUT', body: { content }, headers });
  const stale = await put(rule('Lost'), { 'if-match': made.json.version });
  assert.deepEqual([stale.status, stale.json.code], [412, 'GC_STALE']);
  const now = (await fixture.call(address('custom/web.yaml'))).json;
  assert.equal(now.content, rule('By hand'));
  const written = await put(rule('Again'), { 'if-match': now.version });
  assert.equal(written.status, 200, written.text);
  assert.deepEqual(await names(fixture), ['Base', 'Again']);
});

test('a file with errors is refused with what is wrong, and kept as a draft that is not in force', async () => {
  await using fixture = await start();
  const content = rule('Broken', 'evt.typo = openat');
  const refused = await create(fixture, { name: 'web.yaml', content });
  assert.deepEqual([refused.status, refused.json.code], [422, 'GC_INVALID_RULES']);
  assert.match(refused.json.errors[0].pointer, /^custom\/web\.yaml:3:\d+$/);
  assert.match(refused.json.errors[0].message, /evt\.typo/);
  assert.deepEqual(await readdir(join(fixture.dir, 'rules.d')), []);
  const drafted = await create(fixture, { name: 'web.yaml', content, draft: true });
  assert.equal(drafted.status, 201, drafted.text);
  assert.deepEqual(
    [drafted.json.isDraft, drafted.json.file.published, drafted.json.problems.length],
    [true, false, 1],
  );
  assert.deepEqual(await names(fixture), ['Base']);
  const put = await fixture.call(address('custom/web.yaml'), {
    method: 'PUT',
    body: { content: rule('Mended') },
    headers: { 'if-match': drafted.json.version },
  });
  assert.equal(put.status, 200, put.text);
  assert.deepEqual(await readdir(join(fixture.dir, 'rules.d')), ['web.yaml']);
  assert.deepEqual(await names(fixture), ['Base', 'Mended']);
});

test('what others need cannot be taken away, neither by writing nor by deleting', async () => {
  await using fixture = await start();
  await create(fixture, { name: 'a.yaml', content: '- macro: mine\n  condition: (evt.type = openat)\n' });
  await create(fixture, { name: 'b.yaml', content: rule('Mine', 'mine') });
  const put = await fixture.call(address('custom/a.yaml'), {
    method: 'PUT',
    body: { content: '# nothing\n' },
  });
  assert.deepEqual([put.status, put.json.code], [422, 'GC_INVALID_RULES']);
  const gone = await fixture.call(address('custom/a.yaml'), { method: 'DELETE' });
  assert.deepEqual([gone.status, gone.json.code], [422, 'GC_INVALID_RULES']);
  assert.equal((await fixture.call(address('custom/b.yaml'), { method: 'DELETE' })).status, 204);
  assert.equal((await fixture.call(address('custom/a.yaml'), { method: 'DELETE' })).status, 204);
  assert.deepEqual(await names(fixture), ['Base']);
});

test('built-in files are read and not written; names stay inside the folder', async () => {
  await using fixture = await start();
  const file = (await fixture.call(address('builtin/a/base.yaml'))).json;
  assert.deepEqual([file.file.origin, file.file.editable, file.file.rules], ['builtin', false, 1]);
  const put = await fixture.call(address('builtin/a/base.yaml'), { method: 'PUT', body: { content: '' } });
  assert.deepEqual([put.status, put.json.code], [409, 'GC_READ_ONLY']);
  for (const name of [
    '../evil.yaml',
    'custom/../evil.yaml',
    'a b.yaml',
    'x.txt',
    '.hidden.yaml',
    'a/b/../../../x.yaml',
  ]) {
    const made = await create(fixture, { name, content: rule('Evil') });
    assert.ok(
      made.status === 400 ||
        made.json.file.name === 'custom/evil.yaml' ||
        made.json.file.name === 'custom/x.yaml',
      `${name} ${made.text}`,
    );
  }
  assert.deepEqual(
    (await readdir(fixture.dir)).filter((name) => name.includes('evil')),
    [],
  );
  for (const name of ['custom/../first-password', 'custom/..%2fcredential.json', 'credential.json'])
    assert.equal((await fixture.call(address(name))).status, 404, name);
});

test('only administrators write; checking as one types leaves no trace in the audit trail', async () => {
  await using fixture = await start();
  const key = await fixture.call('/api/v1/api-keys', {
    method: 'POST',
    body: { name: 'r', role: 'responder', expiresInDays: 1 },
  });
  const token = key.json.token as string;
  const refused = await fixture.call('/api/v1/rule-files', {
    method: 'POST',
    body: { name: 'a.yaml', content: '' },
    token,
  });
  assert.equal(refused.status, 403);
  const before = (await fixture.call('/api/v1/audit')).json.items.length;
  const checked = await fixture.call('/api/v1/rules/validate', {
    method: 'POST',
    body: { name: 'custom/new.yaml', content: rule('New', 'opened and nope'), library: true },
    token,
  });
  assert.equal(checked.json.successful, false);
  assert.equal(checked.json.problems[0].line, 3);
  assert.equal((await fixture.call('/api/v1/audit')).json.items.length, before);
});

test('editors get every field, operator, event type, macro and list', async () => {
  await using fixture = await start();
  const { json } = await fixture.call('/api/v1/rules/fields');
  assert.ok(
    json.fields.some(
      (field: { name: string; type: string }) => field.name === 'proc.name' && field.type === 'string',
    ),
  );
  assert.ok(json.operators.some((operator: { name: string }) => operator.name === 'startswith'));
  assert.ok(json.eventTypes.includes('openat'));
  assert.deepEqual(json.macros, [{ name: 'opened', text: '(evt.type = openat)' }]);
});

async function store(fixture: TestServer, ...files: readonly string[]): Promise<string[]> {
  const alerts = files.map((file, at) =>
    sampleAlert(1, at + 1, {
      rule: 'Base',
      outputFields: { 'fd.name': file, 'proc.cmdline': `cat ${file}` },
      event: { num: at + 1, type: 'openat', args: { name: file, flags: 'O_RDONLY' } },
    }),
  );
  await fixture.agent('POST', `/agent/v1/streams/${SENSOR}/1/batches`, { firstSeq: 1, alerts, gaps: [] });
  await fixture.server.settled();
  return alerts.map((alert) => alert.id);
}

test('a rule is tuned from alerts: proposals with previews, applied as rule YAML, effective for the rule alone', async () => {
  await using fixture = await start();
  const [first, second] = await store(fixture, '/etc/app/a', '/etc/app/b', '/etc/shadow');
  const tuned = await fixture.call('/api/v1/rules/Base/tune', {
    method: 'POST',
    body: { alerts: [first, second, 'none'] },
  });
  assert.equal(tuned.status, 200, tuned.text);
  assert.deepEqual(tuned.json.ignored, ['none']);
  const [proposal] = tuned.json.proposals;
  assert.deepEqual(
    [
      proposal.risk,
      proposal.preview.looked,
      proposal.preview.silenced,
      proposal.preview.remainingExamples.length,
    ],
    ['low', 3, 2, 1],
  );
  const { condition: _, ...exception } = proposal.exception;
  const applied = await fixture.call('/api/v1/rules/Base/exceptions', { method: 'POST', body: exception });
  assert.equal(applied.status, 200, applied.text);
  const file = (await fixture.call(address('custom/tuning.yaml'))).json.content as string;
  assert.match(file, /- rule: Base\n {2}exceptions:/);
  const { json } = await fixture.call('/api/v1/rules');
  assert.equal(json.items[0].exceptions[0].name, exception.name);
  assert.deepEqual([json.items[0].alerts24h, json.items[0].alertsByDay.at(-1)], [3, 3]);
  assert.ok(json.items[0].lastFiredAt !== '');
  assert.equal(json.items[0].origin, 'builtin');
  const again = await fixture.call('/api/v1/rules/Base/exceptions', { method: 'POST', body: exception });
  assert.equal(again.status, 200);
  const wrong = await fixture.call('/api/v1/rules/Base/exceptions', {
    method: 'POST',
    body: { name: 'w', fields: ['no.field'], comps: ['='], values: [['x']] },
  });
  assert.deepEqual([wrong.status, wrong.json.code], [422, 'GC_INVALID_RULES']);
});

test('a custom rule that sorts after the tuning file can be tuned too', async () => {
  await using fixture = await start();
  await create(fixture, { name: 'zzz.yaml', content: rule('Late') });
  const body = { name: 'x', fields: ['fd.name', 'proc.name'], comps: ['=', '='], values: [['/a', 'b']] };
  const applied = await fixture.call('/api/v1/rules/Late/exceptions', { method: 'POST', body });
  assert.equal(applied.status, 200, applied.text);
});

test('rules are tried on stored alerts, and nothing is loaded', async () => {
  await using fixture = await start();
  await store(fixture, '/etc/app/a', '/tmp/b');
  const content = rule('Trial', 'opened and fd.name startswith /etc');
  const { json } = await fixture.call('/api/v1/rules/try', {
    method: 'POST',
    body: { name: 'custom/trial.yaml', content, against: 'alerts' },
  });
  assert.deepEqual([json.looked, json.rules], [2, [{ rule: 'Trial', matches: 1, unseenTypes: [] }]]);
  assert.match(json.matches[0].message, /^o \/etc\/app\/a/);
  assert.deepEqual(await names(fixture), ['Base']);
});

test('rules are tried on what the agents remember; agents that stay silent are counted', async () => {
  await using fixture = await start();
  await fixture.agent('POST', '/agent/v1/report', sampleUpdate());
  const { desired, trials } = fixture.server.platform;
  const listener = desired.listen(SENSOR, (line) => {
    const state = JSON.parse(line) as { trials?: { id: string; name: string }[] };
    const [trial] = state.trials ?? [];
    if (trial === undefined) return;
    assert.equal(trial.name, 'custom/trial.yaml');
    const answer = { sensorId: SENSOR, looked: 7, from: '', to: '', counts: { Trial: 3 }, matches: [] };
    void fixture.agent('POST', `/agent/v1/trials/${trial.id}/answer`, answer);
  });
  const body = {
    name: 'custom/trial.yaml',
    content: rule('Trial', 'evt.type in (openat, ptrace)'),
    against: 'live',
  };
  const { json } = await fixture.call('/api/v1/rules/try', { method: 'POST', body });
  assert.deepEqual(
    [json.looked, json.agents, json.silentAgents, json.rules],
    [7, 1, 0, [{ rule: 'Trial', matches: 3, unseenTypes: ['ptrace'] }]],
  );
  assert.deepEqual(trials.open(), []);
  listener.close();
  const nobody = await fixture.call('/api/v1/rules/try', { method: 'POST', body });
  assert.deepEqual([nobody.json.agents, nobody.json.silentAgents], [0, 0]);
});
