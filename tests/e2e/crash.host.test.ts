// kill -9 of server, agent and supervisor, 50 times under load: no alert that was spooled is lost or stored twice.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '@guardcell/core';
import { ensureDocker, runContainer } from '../support/docker.ts';
import { ensureImage } from '../support/images.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { childrenOf } from '../support/process-tree.ts';

const KILLS = 50;
const IMAGE = 'gc-test/busybox:1';
const RULE = `- rule: Crash test marker
  desc: A marker file of the crash test was created
  condition: evt.type in (open, openat, openat2) and evt.is_open_write=true and fd.name startswith /tmp/gc-crash-
  output: marker %fd.name
  priority: WARNING
`;
const dockerReady = await ensureDocker();

async function allAlerts(platform: Platform): Promise<Alert[]> {
  const alerts: Alert[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      rule: 'Crash test marker',
      limit: '500',
      ...(cursor !== null && { cursor }),
    });
    const page: { items: Alert[]; nextCursor: string | null } = await callApi(
      platform,
      'GET',
      `/api/v1/events?${query}`,
    );
    alerts.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return alerts;
}

test(`${KILLS} kills under load lose and repeat nothing`, {
  skip: dockerReady.available ? false : dockerReady.reason,
  timeout: 900_000,
}, async () => {
  await ensureImage(IMAGE);
  const scratch = mkdtempSync(join(tmpdir(), 'guardcell-crash-'));
  const dataDir = join(scratch, 'data');
  const rules = join(scratch, 'rules.yaml');
  writeFileSync(rules, RULE);
  let platform = await startPlatform({ dataDir, rules: [rules] });
  try {
    await using load = await runContainer({
      image: IMAGE,
      name: `gc-e2e-crash-${process.pid}`,
      args: [],
      // Four writers, a hundred markers a second together, every marker of its own name; at most ten minutes.
      command: [
        'sh',
        '-c',
        'for w in a b c d; do (i=0; while [ $i -lt 60000 ]; do i=$((i+1)); : > /tmp/gc-crash-$w-$i; usleep 8000; done) & done; wait',
      ],
    });
    const victims = { server: 0, agent: 0, supervisor: 0 };
    for (let i = 0; i < KILLS; i++) {
      await sleep(200 + ((i * 137) % 700));
      if (i % 10 === 9) {
        victims.supervisor++;
        platform.process.kill('SIGKILL');
        await platform.stop('SIGKILL');
        // Its children notice and end by themselves; the new one takes over the folder.
        platform = await startPlatform({ dataDir, rules: [rules] });
        continue;
      }
      const name = i % 2 === 0 ? 'server' : 'agent';
      const child = await eventually(`a running ${name}`, 20_000, () =>
        childrenOf(platform.process.pid ?? 0).find(({ entry }) => entry.includes(`/apps/${name}/`)),
      );
      process.kill(child.pid, 'SIGKILL');
      victims[name]++;
    }
    assert.equal(victims.server + victims.agent + victims.supervisor, KILLS);
    await eventually('the sensor runs again', 30_000, async () => {
      const status = await platform.json<{ sensor: { state: string } }>('status').catch(() => undefined);
      return status?.sensor.state === 'running' ? true : undefined;
    });
    await sleep(2000);
    await load[Symbol.asyncDispose]();
    // Longer than the time between two reports of the agent, so that `pending` is of after the load.
    await sleep(6000);
    const spool = await eventually('everything spooled is stored', 60_000, async () => {
      const status = await platform.json<{ agents: { spool: { pending: number; dropped: number } }[] }>(
        'status',
      );
      const [agent] = status.agents;
      return agent?.spool.pending === 0 ? agent.spool : undefined;
    });
    assert.equal(spool.dropped, 0);

    const alerts = await allAlerts(platform);
    const markers = alerts.map((alert) => alert.message);
    assert.equal(new Set(markers).size, markers.length, 'no marker is stored twice');
    // Every alert has a place in its stream; the places must be without holes.
    const seqs = new Map<string, number[]>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = new URLSearchParams({ limit: '500', ...(cursor !== '' && { cursor }) });
      const page: { items: Alert[]; nextCursor: string | null } = await callApi(
        platform,
        'GET',
        `/api/v1/events?${query}`,
      );
      for (const { id } of page.items) {
        const at = id.lastIndexOf('-');
        seqs.set(id.slice(0, at), [...(seqs.get(id.slice(0, at)) ?? []), Number(id.slice(at + 1))]);
      }
      cursor = page.nextCursor;
    }
    let stored = 0;
    for (const [stream, list] of seqs) {
      list.sort((a, b) => a - b);
      assert.equal(
        list.at(-1),
        list.length,
        `stream ${stream} has no hole: ${list.length} alerts up to ${list.at(-1)}`,
      );
      stored += list.length;
    }
    assert.ok(markers.length > 500, `the load was real: ${markers.length} markers stored`);
    console.log(
      `    ${KILLS} kills (${JSON.stringify(victims)}): ${stored} alerts in ${seqs.size} streams, 0 lost, 0 twice`,
    );
  } finally {
    await platform.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
});
