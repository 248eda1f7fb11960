// What is scanned next.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareContainer, type Container } from '@guardcell/core';
import { HOST_KEY, nextContainerScan, nextHostScan, type PlanInput, type ScanOutcome } from './scan-plan.ts';

const NOW = 1_000_000_000;

function container(id: string, image: string, ageMs: number, over: Partial<Container> = {}): Container {
  return {
    ...bareContainer(id),
    state: 'running',
    complete: true,
    pid: 100,
    startedAtMs: NOW - ageMs,
    image: { reference: `r/${image}`, repository: image, tag: '', digest: '', id: `sha256:${image}` },
    ...over,
  };
}

function plan(over: Partial<PlanInput> & { outcomes?: Record<string, ScanOutcome>; of?: 'host' }): string {
  const input: PlanInput = {
    state: { enabled: true, containers: true, host: false, everyMinutes: 60, requests: [] },
    containers: [],
    hostname: 'node-1',
    nowMs: NOW,
    isAnswered: () => false,
    outcomeOf: (key) => over.outcomes?.[key],
    ...over,
  };
  const next = (over.of === 'host' ? nextHostScan : nextContainerScan)(input);
  if (next === undefined) return '';
  if ('refuse' in next) return `refuse ${next.refuse.requestId}`;
  return `${next.scan.key} ${next.scan.subject.containerId} ${next.scan.requestId}`.trim();
}

const ON = { enabled: true, containers: true, host: true, everyMinutes: 60, requests: [] };

test('an image is scanned once, through the container of it that has run the longest', () => {
  const containers = [container('young', 'web', 20_000), container('old', 'web', 90_000)];
  assert.equal(plan({ containers }), 'sha256:web old');
  const outcomes = { 'sha256:web': { atMs: NOW - 1000, failures: 0 } };
  assert.equal(plan({ containers, outcomes }), '');
});

test('containers younger than ten seconds, stopped ones and unknown ones wait', () => {
  const containers = [
    container('young', 'a', 9000),
    container('stopped', 'b', 90_000, { state: 'exited', pid: 0 }),
    container('bare', 'c', 90_000, { complete: false }),
  ];
  assert.equal(plan({ containers }), '');
});

test('what was scanned long ago is scanned again', () => {
  const outcomes = { 'sha256:web': { atMs: NOW - 60 * 60_000, failures: 0 } };
  assert.equal(plan({ containers: [container('old', 'web', 90_000)], outcomes }), 'sha256:web old');
});

test('a scan that failed is tried again, each time later', () => {
  const containers = [container('old', 'web', 90_000)];
  const after = (minutes: number, failures: number): string =>
    plan({ containers, outcomes: { 'sha256:web': { atMs: NOW - minutes * 60_000, failures } } });
  assert.equal(after(4, 1), '');
  assert.equal(after(5, 1), 'sha256:web old');
  assert.equal(after(30, 4), '');
  assert.equal(after(40, 4), 'sha256:web old');
});

test('the host is scanned beside containers, and again after a while', () => {
  assert.equal(plan({ state: ON, of: 'host' }), HOST_KEY);
  const at = (minutes: number): string =>
    plan({ state: ON, of: 'host', outcomes: { [HOST_KEY]: { atMs: NOW - minutes * 60_000, failures: 0 } } });
  assert.equal(at(59), '');
  assert.equal(at(60), HOST_KEY);
  assert.equal(plan({ state: { ...ON, host: false }, of: 'host' }), '');
});

test('requests go first, are fulfilled even when scanning is off, and once', () => {
  const requests = [
    { id: 'late', target: 'host', expiresAtMs: NOW - 1 },
    { id: 'r1', target: 'young', expiresAtMs: NOW + 1000 },
    { id: 'r2', target: 'host', expiresAtMs: NOW + 1000 },
    { id: 'r3', target: 'nobody', expiresAtMs: NOW + 1000 },
  ];
  const state = { ...ON, enabled: false, requests };
  const containers = [container('young', 'a', 100)];
  const answered = new Set<string>();
  const isAnswered = (id: string): boolean => answered.has(id);
  const next = (): string => plan({ state, containers, isAnswered });
  assert.equal(plan({ state, isAnswered, of: 'host' }), 'host  r2');
  answered.add('r2');
  assert.equal(plan({ state, isAnswered, of: 'host' }), '');
  assert.equal(next(), 'sha256:a young r1');
  answered.add('r1');
  assert.equal(next(), 'refuse r3');
  answered.add('r3');
  assert.equal(next(), '');
});

test('a container whose image nobody can name is a target of its own', () => {
  const image = { reference: '', repository: '', tag: '', digest: '', id: '' };
  assert.equal(plan({ containers: [container('odd', '', 90_000, { image })] }), 'container:odd odd');
});

test('with a hundred containers that live for seconds nothing is scanned', () => {
  const containers = Array.from({ length: 100 }, (_, n) => container(`c${n}`, `i${n}`, n * 90));
  assert.equal(plan({ containers }), '');
});
