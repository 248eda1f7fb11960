// Alerts of an artifact with more findings than the platform remembers to have told: neither repeated nor hidden.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Artifact } from '@guardcell/contract';
import type { Alert, MalwareFinding, VulnerabilityFinding } from '@guardcell/core';
import { manualClock, silentLogger } from '@guardcell/kit';
import { openMemoryStateStore, type ScanStore } from '@guardcell/store';
import { DEFAULT_SCANNING } from '../settings.ts';
import { sampleReport } from '../testing/sample-scans.ts';
import { createScanAlerts, type ScanAlerts } from './scan-alerts.ts';

const ARTIFACT = {
  summary: { id: 'sha256:a', kind: 'image', name: 'shop/web:1', references: ['shop/web:1'], running: 0 },
  containers: [],
} as unknown as Artifact;

function finding(id: string): VulnerabilityFinding {
  return {
    id,
    aliases: [],
    package: 'pkg:deb/openssl@1',
    packageName: 'openssl',
    installed: '1',
    fixed: '',
    severity: 'critical',
    cvss: 9.8,
    score: 40,
    factors: [],
    status: 'affected',
    inUse: 'unknown',
    summary: '',
    references: [],
    explain: { feed: '', advisory: '', ecosystem: '', matchedName: '', range: '', comparison: '' },
  };
}

interface Told {
  /** Begins anew over the same store, as after a restart. */
  readonly open: () => ScanAlerts;
  /** Messages since the last call. */
  readonly take: (alerts: ScanAlerts) => Promise<readonly string[]>;
}

function setUp(): Told {
  const state = openMemoryStateStore();
  let messages: string[] = [];
  const clock = manualClock(Date.parse('2026-05-01T12:00:00Z'));
  return {
    open: () =>
      createScanAlerts({
        state,
        ingest: {
          submit(_source, _epoch, { alerts }) {
            messages.push(...(alerts as readonly Alert[]).map(({ message }) => message));
            return Promise.resolve({ status: 200, reply: {} } as never);
          },
        },
        store: () => Promise.resolve({ artifact: () => Promise.resolve(ARTIFACT) } as unknown as ScanStore),
        settings: () => DEFAULT_SCANNING,
        isAccepted: () => false,
        isPrivileged: () => false,
        clock,
        logger: silentLogger,
        mostTold: 3,
      }),
    async take(alerts) {
      await alerts.idle();
      const taken = messages;
      messages = [];
      return taken;
    },
  };
}

const found = (...ids: readonly string[]): VulnerabilityFinding[] => ids.map((id) => finding(`CVE-${id}`));

test('vulnerabilities beyond the bound are told once by their number, and again when there are more', async () => {
  const { open, take } = setUp();
  const alerts = open();
  await alerts.matched('sha256:a', found('1'));
  assert.deepEqual(await take(alerts), [], 'the first matching tells nothing');
  await alerts.matched('sha256:a', found('1', '2', '3', '4', '5'));
  const [two, three, rest, ...others] = await take(alerts);
  assert.match(two ?? '', /^CVE-2 in shop\/web:1/);
  assert.match(three ?? '', /^CVE-3 in shop\/web:1/);
  assert.match(rest ?? '', /^2 new vulnerabilities in shop\/web:1: CVE-4, CVE-5 …; more than the /);
  assert.deepEqual(others, []);
  await alerts.matched('sha256:a', found('1', '2', '3', '4', '5'));
  assert.deepEqual(await take(alerts), []);
  const again = open();
  await again.matched('sha256:a', found('5', '4', '3', '2', '1'));
  assert.deepEqual(await take(again), [], 'not after a restart either');
  await again.matched('sha256:a', found('1', '2', '3', '4', '5', '6'));
  const [more, ...none] = await take(again);
  assert.match(more ?? '', /^3 new vulnerabilities .* CVE-6/);
  assert.deepEqual(none, []);
});

test('malware beyond the bound is told, too, and not at every scan', async () => {
  const { open, take } = setUp();
  const alerts = open();
  const malware = (count: number): MalwareFinding[] =>
    Array.from({ length: count }, (_, at) => ({
      rule: `r${at}`,
      severity: 'critical',
      path: `/m${at}`,
      sha256: '',
    }));
  await alerts.scanned('sha256:a', sampleReport({ malware: malware(5) }));
  const told = await take(alerts);
  assert.equal(told.length, 4);
  assert.match(told[3] ?? '', /^2 findings of malware, the worst: r3 .*; more than the /);
  await alerts.scanned('sha256:a', sampleReport({ malware: malware(5) }));
  assert.deepEqual(await take(alerts), []);
});
