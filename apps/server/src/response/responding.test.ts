// Acting on alerts through the whole server, with an agent played by the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionCommand, DesiredState } from '@guardcell/contract';
import type { ActionRecord } from '@guardcell/core';
import { manualClock, silentLogger } from '@guardcell/kit';
import type { Notifier, NotifyDelivery } from '@guardcell/notify';
import { openMemoryEventStore, openMemoryStateStore, type StateRecord } from '@guardcell/store';
import { valueOf } from '../stored.ts';
import { CONTAINER_ID, SENSOR, sampleAlert, sampleBatch } from '../testing/sample-alerts.ts';
import { sampleUpdate, startTestServer, type TestServer, until } from '../testing/test-server.ts';
import type { ActionLog } from './action-log.ts';
import { createNotifyRunner, type NotifyJob } from './notify-runner.ts';

const batchPath = `/agent/v1/streams/${SENSOR}/1/batches`;

const RULE = {
  name: 'contain-account-writes',
  description: '',
  enabled: true,
  trigger: { rules: ['Account file written'], tags: [], minSeverity: 'low' },
  guard: '',
  actions: [
    { do: 'pause', with: {} },
    { do: 'notify', with: { url: 'https://hooks.example/alerts' } },
  ],
  cooldownSeconds: 60,
  maxTargets: 10,
  mode: 'enforce',
};

const putRule = (fixture: TestServer): ReturnType<TestServer['call']> =>
  fixture.call(`/api/v1/responses/${RULE.name}`, { method: 'PUT', body: RULE });

const commands = (fixture: TestServer): ActionCommand[] =>
  fixture.server.platform.actions.commandsFor(SENSOR);

async function records(fixture: TestServer): Promise<ActionRecord[]> {
  return (await fixture.call('/api/v1/actions')).json.items as ActionRecord[];
}

function stateIn(stored: StateRecord | undefined): string {
  return stored === undefined ? '' : valueOf<ActionRecord>(stored).state;
}

const SUCCESS = { state: 'succeeded', detail: 'paused', errorCode: '', mechanism: 'docker-api' };

function persistent(): NonNullable<Parameters<typeof startTestServer>[0]>['stores'] & object {
  const [state, events] = [openMemoryStateStore(), openMemoryEventStore()];
  const close = (): Promise<void> => Promise.resolve();
  return { state: { ...state, close }, events: { ...events, close } };
}

test('an alert leads to a durable record, then a command, then a notification that tells the result', async () => {
  const deliveries: NotifyDelivery[] = [];
  const stores = { state: openMemoryStateStore(), events: openMemoryEventStore() };
  const notifier: Notifier = {
    async deliver(delivery) {
      const record = await stores.state.get('action', delivery.id);
      assert.equal(stateIn(record), 'pending', 'recorded before anything is done');
      deliveries.push(delivery);
      return { ok: true, status: 200, attempts: 1, signed: false, detail: 'delivered' };
    },
  };
  await using fixture = await startTestServer({ stores, deps: { createNotifier: () => notifier } });
  assert.equal((await putRule(fixture)).status, 200);
  await fixture.agent('POST', '/agent/v1/report', sampleUpdate());
  await fixture.agent('POST', batchPath, sampleBatch(1, 1, 1));
  await until(() => commands(fixture).length === 1);
  const [command] = commands(fixture);
  assert.ok(command !== undefined);
  assert.deepEqual([command.action.do, command.target.containerId], ['pause', CONTAINER_ID]);
  const stored = await stores.state.get('action', command.id);
  assert.equal(stateIn(stored), 'pending');

  assert.equal((await fixture.agent('POST', `/agent/v1/actions/${command.id}/result`, SUCCESS)).status, 204);
  await until(async () => (await records(fixture)).every((record) => record.state === 'succeeded'));
  assert.equal(commands(fixture).length, 0);
  assert.equal(deliveries[0]?.alert.id, sampleAlert(1, 1).id);
  assert.deepEqual(
    deliveries[0]?.actions.map(({ action, state }) => [action, state]),
    [['pause', 'succeeded']],
  );
  const again = await fixture.agent('POST', `/agent/v1/actions/${command.id}/result`, {
    ...SUCCESS,
    state: 'failed',
  });
  assert.equal(again.status, 204);
  assert.equal(
    (await records(fixture)).filter(({ state }) => state === 'failed').length,
    0,
    'the first end counts',
  );
});

test('undoing an action links both records', async () => {
  await using fixture = await startTestServer();
  await fixture.agent('POST', '/agent/v1/report', sampleUpdate());
  const body = { do: 'quarantine', container: 'web', reason: 'looks odd' };
  const asked = fixture.call('/api/v1/actions', { method: 'POST', body });
  await until(() => commands(fixture).length === 1);
  const id = commands(fixture)[0]?.id ?? '';
  await fixture.agent('POST', `/agent/v1/actions/${id}/result`, SUCCESS);
  assert.equal((await asked).json.state, 'succeeded');
  assert.equal((await fixture.call('/api/v1/containers/web')).json.quarantined, true);

  const undoing = fixture.call(`/api/v1/actions/${id}/undo`, { method: 'POST' });
  await until(() => commands(fixture).length === 1);
  const undoId = commands(fixture)[0]?.id ?? '';
  await fixture.agent('POST', `/agent/v1/actions/${undoId}/result`, SUCCESS);
  assert.equal((await undoing).json.undoes, id);
  const original = (await fixture.call(`/api/v1/actions/${id}`)).json;
  assert.deepEqual([original.state, original.undoneBy], ['undone', undoId]);
  assert.equal((await fixture.call('/api/v1/containers/web')).json.quarantined, false);
  assert.equal(
    (await fixture.call(`/api/v1/actions/${id}/undo`, { method: 'POST' })).json.code,
    'GC_UNDO_DONE',
  );
});

test('a dry run and a protected target do nothing and say so', async () => {
  await using fixture = await startTestServer();
  await fixture.agent('POST', '/agent/v1/report', sampleUpdate());
  const run = (body: object): ReturnType<TestServer['call']> =>
    fixture.call('/api/v1/actions', { method: 'POST', body });
  assert.equal((await run({ do: 'stop', container: 'web', dryRun: true })).json.state, 'dry-run');
  await fixture.call('/api/v1/settings', {
    method: 'PUT',
    body: { retentionDays: 30, notifyAllow: [], protectedContainers: ['we*'] },
  });
  assert.equal((await run({ do: 'stop', container: 'web' })).json.state, 'skipped');
  assert.equal((await run({ do: 'kill', container: 'web' })).json.errors[0].pointer, '/pid');
  assert.equal(commands(fixture).length, 0);
});

test('alerts stored before a crash are planned after the restart, once', async () => {
  const stores = persistent();
  {
    await using fixture = await startTestServer({ stores });
    await putRule(fixture);
    // The server dies between storing and planning: the store has the alert, the cursor is behind it.
    await stores.events.append([{ sensor: SENSOR, epoch: 1, seq: 1, alert: sampleAlert(1, 1) }]);
  }
  const paused = async (): Promise<number> =>
    (await stores.state.list('action')).filter(
      ({ value }) => (value as { action: string }).action === 'pause',
    ).length;
  {
    await using fixture = await startTestServer({ stores });
    await until(() => commands(fixture).length === 1);
    await fixture.server.settled();
    assert.equal(await paused(), 1);
  }
  await using fixture = await startTestServer({ stores });
  await fixture.server.settled();
  assert.equal(await paused(), 1, 'not planned again');
  assert.equal(commands(fixture).length, 1, 'the command waits for its result over restarts');
});

test('containment for an alert that is too old is skipped with the reason, its notification is sent', async () => {
  const stores = persistent();
  {
    await using fixture = await startTestServer({ stores });
    await putRule(fixture);
    const alert = sampleAlert(1, 1, { time: new Date(Date.now() - 3_600_000).toISOString() });
    await stores.events.append([{ sensor: SENSOR, epoch: 1, seq: 1, alert }]);
  }
  await using fixture = await startTestServer({ stores });
  await until(async () => (await records(fixture)).filter(({ state }) => state !== 'pending').length === 2);
  const byAction = new Map((await records(fixture)).map((record) => [record.action, record]));
  assert.deepEqual(
    [byAction.get('pause')?.state, byAction.get('pause')?.errorCode],
    ['skipped', 'GC_ALERT_TOO_OLD'],
  );
  assert.equal(byAction.get('notify')?.state, 'succeeded');
});

test('a notification that was under way in a crash is made again with the same id', async () => {
  const stores = persistent();
  const ids: string[] = [];
  const hanging: Notifier = {
    deliver(delivery, signal) {
      ids.push(delivery.id);
      const aborted = {
        ok: false,
        code: 'GC_NOTIFY_ABORTED',
        status: 0,
        attempts: 1,
        detail: 'aborted',
      } as const;
      return new Promise((done) => signal.addEventListener('abort', () => done(aborted)));
    },
  };
  {
    await using fixture = await startTestServer({ stores, deps: { createNotifier: () => hanging } });
    await putRule(fixture);
    await fixture.agent('POST', batchPath, sampleBatch(1, 1, 1));
    await until(() => ids.length === 1);
  }
  const working: Notifier = {
    deliver(delivery) {
      ids.push(delivery.id);
      assert.equal(delivery.url, 'https://hooks.example/alerts');
      return Promise.resolve({ ok: true, status: 200, attempts: 1, signed: false, detail: 'delivered' });
    },
  };
  await using fixture = await startTestServer({ stores, deps: { createNotifier: () => working } });
  await until(() => ids.length === 2);
  assert.equal(ids[0], ids[1]);
  await until(async () =>
    (await records(fixture)).some(({ action, state }) => action === 'notify' && state === 'succeeded'),
  );
});

test('a command that nobody took in time ends, and a late result still counts when it was given up', async () => {
  const clock = manualClock(Date.now());
  await using fixture = await startTestServer({ deps: { clock, actionWaitMs: 10 } });
  await fixture.agent('POST', '/agent/v1/report', sampleUpdate());
  const run = async (): Promise<string> => {
    const answer = await fixture.call('/api/v1/actions', {
      method: 'POST',
      body: { do: 'pause', container: 'web' },
    });
    assert.equal(answer.json.state, 'pending');
    return answer.json.id as string;
  };
  const unreached = await run();
  clock.advance(120_000);
  await fixture.server.platform.actions.expire(() => false);
  assert.equal((await fixture.call(`/api/v1/actions/${unreached}`)).json.errorCode, 'GC_AGENT_UNREACHABLE');
  const lost = await run();
  clock.advance(120_000);
  await fixture.server.platform.actions.expire(() => true);
  assert.equal((await fixture.call(`/api/v1/actions/${lost}`)).json.state, 'unknown');
  await fixture.agent('POST', `/agent/v1/actions/${lost}/result`, SUCCESS);
  assert.equal((await fixture.call(`/api/v1/actions/${lost}`)).json.state, 'succeeded');
});

test('an agent is told about a command at once, and only about those of its own host', async () => {
  await using fixture = await startTestServer();
  await fixture.agent('POST', '/agent/v1/report', sampleUpdate());
  const lines: DesiredState[] = [];
  const others: DesiredState[] = [];
  const { desired } = fixture.server.platform;
  const mine = desired.listen(SENSOR, (line) => void lines.push(JSON.parse(line) as DesiredState));
  const other = desired.listen('sensor-b', (line) => void others.push(JSON.parse(line) as DesiredState));
  const asked = fixture.call('/api/v1/actions', { method: 'POST', body: { do: 'pause', container: 'web' } });
  await until(() => (lines.at(-1)?.commands.length ?? 0) === 1);
  assert.equal(others.at(-1)?.commands.length, 0);
  await fixture.agent('POST', `/agent/v1/actions/${lines.at(-1)?.commands[0]?.id}/result`, SUCCESS);
  await until(() => lines.at(-1)?.commands.length === 0);
  await asked;
  mine.close();
  other.close();
});

test('a response rule that makes no sense is refused with the reason', async () => {
  await using fixture = await startTestServer();
  const put = (name: string, body: object): ReturnType<TestServer['call']> =>
    fixture.call(`/api/v1/responses/${name}`, { method: 'PUT', body });
  assert.equal((await put('other', RULE)).json.errors[0].pointer, '/name');
  const guard = await put(RULE.name, { ...RULE, guard: 'alert.severity ==' });
  assert.equal(guard.status, 422, guard.text);
  const dry = await fixture.call(`/api/v1/responses/${RULE.name}?dryRun=true`, { method: 'PUT', body: RULE });
  assert.equal(dry.status, 200);
  assert.equal((await fixture.call('/api/v1/responses')).json.items.length, 0);
});

test('containment that failed is tried again after ten seconds, not after the cool-down', async () => {
  const clock = manualClock(Date.now());
  await using fixture = await startTestServer({ deps: { clock } });
  await putRule(fixture);
  await fixture.agent('POST', batchPath, sampleBatch(1, 1, 1));
  await until(() => commands(fixture).length === 1);
  const failure = { ...SUCCESS, state: 'failed', errorCode: 'GC_FREEZER_FAILED' };
  await fixture.agent('POST', `/agent/v1/actions/${commands(fixture)[0]?.id}/result`, failure);
  clock.advance(11_000);
  await fixture.agent('POST', batchPath, sampleBatch(1, 2, 1));
  await until(() => commands(fixture).length === 1);
  await fixture.agent('POST', `/agent/v1/actions/${commands(fixture)[0]?.id}/result`, SUCCESS);
  clock.advance(11_000);
  await fixture.agent('POST', batchPath, sampleBatch(1, 3, 1));
  await fixture.server.settled();
  assert.equal(commands(fixture).length, 0, 'after a success the cool-down holds');
});

test('a receiver that hangs does not pile up notifications without end', async () => {
  const hanging: Notifier = { deliver: () => new Promise(() => undefined) };
  const ended: ActionRecord[] = [];
  const log = {
    finish: async (id: string, result: object) => {
      ended.push({ id, ...result } as unknown as ActionRecord);
      return undefined;
    },
    settled: async () => undefined,
  } as unknown as ActionLog;
  const runner = createNotifyRunner({
    log,
    notifier: hanging,
    events: { get: async () => undefined },
    clock: manualClock(0),
    logger: silentLogger,
  });
  const job = (id: number): NotifyJob =>
    ({
      record: { id: String(id) },
      open: { action: { do: 'notify', with: {} } },
      alert: sampleAlert(1, 1),
      siblings: [],
    }) as unknown as NotifyJob;
  for (let id = 0; id < 1100; id++) runner.enqueue([job(id)]);
  assert.ok(ended.length >= 90, `${ended.length}`);
  assert.ok(ended.every(({ errorCode }) => errorCode === 'GC_NOTIFY_BUSY'));
});
