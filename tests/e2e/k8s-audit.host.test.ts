// The official Kubernetes audit rules against a real API server that sends its events here by webhook.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '@guardcell/core';
import { loadRules } from '@guardcell/rules';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { type Cluster, noCluster, startCluster } from './k8s-audit/cluster.ts';
import { type FakeKubelet, startFakeKubelet } from './k8s-audit/fake-kubelet.ts';
import { SCENARIOS, SWITCHED_ON } from './k8s-audit/scenarios.ts';

const RULES = resolve(import.meta.dirname, '../../../shared/compat/falco/rules/k8s_audit_rules.yaml');
const FIRE_MS = 30_000;

const skip = noCluster() ?? (existsSync(RULES) ? false : 'needs the official rules in ../shared/compat');

interface Bench {
  readonly platform: Platform;
  readonly cluster: Cluster;
  readonly kubelet: FakeKubelet;
  readonly dir: string;
}

async function alertsOf(platform: Platform, rule: string): Promise<readonly Alert[]> {
  const query = new URLSearchParams({ rule, limit: '500' });
  return (await callApi<{ items: Alert[] }>(platform, 'GET', `/api/v1/events?${query.toString()}`)).items;
}

function names({ event }: Alert, mark: string): boolean {
  const { name, uri = '', resource } = event.args;
  return name === mark || uri.includes(mark) || (name === undefined && resource === mark);
}

suite('Kubernetes audit events of a real API server', { skip, timeout: 600_000 }, () => {
  let bench: Bench | undefined;

  before(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'gc-audit-e2e-'));
    const switched = join(dir, 'switched-on.yaml');
    writeFileSync(switched, SWITCHED_ON);
    const platform = await startPlatform({ rules: [RULES, switched], args: ['--no-sensor'] });
    const made = await platform.cli('k8s', 'audit-config', '--out', dir);
    assert.equal(made.code, 0, made.err);
    const cluster = await startCluster(join(dir, 'audit-policy.yaml'), join(dir, 'audit-webhook.yaml'));
    bench = { platform, cluster, kubelet: await startFakeKubelet(cluster.dir), dir };
  });

  after(async () => {
    await bench?.kubelet[Symbol.asyncDispose]();
    await bench?.cluster[Symbol.asyncDispose]();
    await bench?.platform[Symbol.asyncDispose]();
    if (bench !== undefined) rmSync(bench.dir, { recursive: true, force: true });
  });

  test('the scenarios cover every official rule', () => {
    const loaded = loadRules([{ name: 'official', content: readFileSync(RULES, 'utf8') }]);
    assert.deepEqual(loaded.problems, []);
    const covered = new Set(SCENARIOS.flatMap(({ rules }) => rules));
    assert.deepEqual(
      loaded.rules.map(({ name }) => name).filter((name) => !covered.has(name)),
      [],
    );
    assert.equal(loaded.rules.length, 48);
  });

  test('every rule fires on its attack, and none on its benign twin', async (context) => {
    assert.ok(bench);
    const { platform, cluster, kubelet } = bench;
    const silent: (readonly [rule: string, mark: string])[] = [];
    for (const { rules, benign } of SCENARIOS) {
      const mark = await benign(cluster, kubelet.port);
      silent.push(...rules.map((rule) => [rule, mark] as const));
    }
    for (const { rules, does, attack } of SCENARIOS) {
      const mark = await attack(cluster, kubelet.port);
      for (const rule of rules) {
        const alert = await eventually(`${rule} (${does})`, FIRE_MS, async () =>
          (await alertsOf(platform, rule)).find((each) => names(each, mark)),
        );
        assert.equal(alert.source, 'k8s_audit');
        assert.notEqual(alert.process.user, '', rule);
        assert.ok(alert.matched.length > 0, rule);
        assert.ok(alert.event.args['sourceIPs'] !== undefined, rule);
      }
    }
    // The benign requests came first; what is still under way then has arrived.
    await sleep(3000);
    const wrong: string[] = [];
    for (const [rule, mark] of silent) {
      const found = (await alertsOf(platform, rule)).some((each) => names(each, mark));
      if (found) wrong.push(`${rule}: ${mark}`);
    }
    assert.deepEqual(wrong, []);
    context.diagnostic(`${new Set(SCENARIOS.flatMap(({ rules }) => rules)).size} rules fired live`);
  });

  test('what stands in a secret or a config map is nowhere in what is stored', async () => {
    assert.ok(bench);
    const { items } = await callApi<{ items: Alert[] }>(
      bench.platform,
      'GET',
      '/api/v1/events?limit=500&q=gc-password',
    );
    assert.ok(items.length > 0);
    const all = await callApi<{ items: Alert[] }>(bench.platform, 'GET', '/api/v1/events?limit=500');
    assert.doesNotMatch(JSON.stringify([items, all]), /TOP-SECRET-VALUE|VE9QLVNFQ1JFVC1WQUxVRQ|hunter2/);
  });

  test('each event is delivered once: none is evaluated twice, none is refused', async () => {
    assert.ok(bench);
    const { platform } = bench;
    const response = await fetch(`${platform.url}/metrics`);
    const text = await response.text();
    const figure = (name: string): number =>
      Number(new RegExp(`${name} (\\d+)`).exec(text)?.[1] ?? Number.NaN);
    assert.ok(figure('guardcell_k8s_audit_events_total\\{result="evaluated"\\}') > 300);
    assert.equal(figure('guardcell_k8s_audit_events_total\\{result="unreadable"\\}'), 0);
    assert.equal(figure('guardcell_k8s_audit_batches_total\\{result="failed"\\}'), 0);
  });
});
