// A disk that is full, for real: stores and spool on a small tmpfs. Nothing acknowledged is lost, the error has its code,
// and everything goes on by itself when there is space again. Needs root for the mount.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Alert, alertId, EVERYTHING, type ScanReport } from '@guardcell/core';
import { silentLogger, systemClock } from '@guardcell/kit';
import { openSpool } from '@guardcell/spool';
import {
  type AppendItem,
  type EventStore,
  openSqliteEventStore,
  openSqliteScanStore,
  openSqliteStateStore,
} from '@guardcell/store';
import { smallDisk } from '../support/small-disk.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root to mount a tmpfs';
const START_MS = Date.UTC(2026, 2, 10, 12);

function item(seq: number): AppendItem {
  const place = { sensor: 'fulldisk', epoch: 1, seq };
  const process = {
    pid: 1,
    ppid: 0,
    vpid: 1,
    name: 'sh',
    exe: '/bin/sh',
    cmdline: `sh ${seq}`,
    cwd: '/',
    uid: 0,
    user: 'root',
    tty: 0,
    startedAt: '',
  };
  const alert: Alert = {
    id: alertId(place),
    time: new Date(START_MS + seq).toISOString(),
    rule: 'Account file written',
    severity: 'high',
    priority: 'error',
    source: 'syscall',
    message: `${seq} ${Math.random().toString(36).repeat(40)}`,
    tags: [],
    mitre: [],
    hostname: 'node',
    container: {
      id: 'host',
      name: 'host',
      image: '',
      imageDigest: '',
      runtime: '',
      privileged: false,
      namespace: '',
      pod: '',
    },
    process,
    processTree: [process],
    matched: [],
    event: { num: seq, type: 'openat', args: {} },
    outputFields: {},
  };
  return { ...place, alert };
}

/** A scan that does not shrink to nothing. */
function scanOf(count: number): ScanReport {
  const random = (): string => Math.random().toString(36);
  return {
    schemaVersion: 1,
    createdAt: '',
    artifact: { kind: 'image', name: 'image', digest: '', platform: '', layers: [], size: 0 },
    packages: Array.from({ length: count }, () => ({
      name: random(),
      version: random(),
      type: 'npm' as const,
      purl: `pkg:npm/${random()}`,
      locations: [{ path: random() }],
      licenses: [],
    })),
    vulnerabilities: [],
    secrets: [],
    misconfigurations: [],
    malware: [],
    licenses: [],
    errors: [],
  };
}

const items = (first: number, count: number): AppendItem[] =>
  Array.from({ length: count }, (_, i) => item(first + i));

async function storedIds(store: EventStore): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(EVERYTHING, 500, cursor);
    ids.push(...page.items.map((alert) => alert.id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : thrown;

test('alerts that were acknowledged stay readable on a full disk and the store goes on when there is space', {
  skip,
}, async () => {
  using disk = smallDisk(24);
  const store = await openSqliteEventStore({
    dir: join(disk.dir, 'events'),
    logger: silentLogger,
    clock: systemClock,
  });
  try {
    let seq = 1;
    const acknowledged: string[] = [];
    const send = async (): Promise<void> => {
      const batch = items(seq, 200);
      await store.append(batch);
      seq += 200;
      acknowledged.push(...batch.map(({ alert }) => alert.id));
    };
    for (let i = 0; i < 5; i++) await send();
    disk.fillUp(1024 * 1024);
    let refused = 0;
    for (let i = 0; i < 60 && refused < 5; i++) {
      const outcome = await send().then(() => 'stored', codeOf);
      if (outcome === 'stored') continue;
      refused += 1;
      assert.equal(outcome, 'GC_STORE_FULL');
    }
    assert.equal(refused, 5);
    const stats = await store.stats();
    assert.equal(stats.state, 'full');
    assert.notEqual(stats.detail, '');
    assert.deepEqual((await storedIds(store)).toSorted(), acknowledged.toSorted());
    assert.equal(await store.count(EVERYTHING), acknowledged.length);

    disk.makeSpace();
    await send();
    await send();
    assert.equal((await store.stats()).state, 'ok');
    assert.deepEqual((await storedIds(store)).toSorted(), acknowledged.toSorted());
    assert.equal(await store.highestContiguousSeq('fulldisk', 1), acknowledged.length);
  } finally {
    await store.close();
  }
  const again = await openSqliteEventStore({
    dir: join(disk.dir, 'events'),
    logger: silentLogger,
    clock: systemClock,
  });
  assert.deepEqual(await again.gaps(0, START_MS * 2), []);
  assert.equal(await again.count(EVERYTHING), (await again.stats()).events);
  await again.close();
});

test('a new day on a full disk is refused with the code and stored when there is space', {
  skip,
}, async () => {
  using disk = smallDisk(16);
  const store = await openSqliteEventStore({ dir: disk.dir, logger: silentLogger, clock: systemClock });
  try {
    await store.append(items(1, 10));
    disk.fillUp(0);
    const nextDay = items(90_000_000, 10);
    await assert.rejects(store.append(nextDay), { code: 'GC_STORE_FULL' });
    assert.equal((await storedIds(store)).length, 10);
    disk.makeSpace();
    await store.append(nextDay);
    assert.equal((await storedIds(store)).length, 20);
  } finally {
    await store.close();
  }
});

test('state is refused with the code on a full disk, stays readable, and is written again when there is space', {
  skip,
}, async () => {
  using disk = smallDisk(8);
  const store = await openSqliteStateStore({ file: join(disk.dir, 'state.sqlite'), logger: silentLogger });
  try {
    await store.commit([{ op: 'put', kind: 'k', id: 'a', value: 1 }]);
    disk.fillUp(64 * 1024);
    const big = 'x'.repeat(200_000);
    await assert.rejects(store.commit([{ op: 'put', kind: 'k', id: 'a', value: big }]), {
      code: 'GC_STORE_FULL',
    });
    disk.makeSpace();
    assert.equal((await store.get('k', 'a'))?.value, 1);
    assert.equal((await store.commit([{ op: 'put', kind: 'k', id: 'a', value: big }])).ok, true);
  } finally {
    await store.close();
  }
});

test('a scan on a full disk is refused with the code, others stay readable, and it is taken when there is space', {
  skip,
}, async () => {
  using disk = smallDisk(16);
  const store = await openSqliteScanStore({
    file: join(disk.dir, 'scans.sqlite'),
    logger: silentLogger,
    clock: systemClock,
  });
  const digest = (number: number): string => `sha256:${String(number).padStart(64, '0')}`;
  const put = (number: number): Promise<string> =>
    store.putScan(
      { id: '', manifestDigest: digest(number), imageId: '', reference: `image:${number}`, registry: '' },
      scanOf(2000),
      START_MS,
    );
  try {
    await put(1);
    disk.fillUp(256 * 1024);
    const outcomes: unknown[] = [];
    for (let number = 2; number < 30; number += 1)
      outcomes.push(await put(number).then(() => 'taken', codeOf));
    const refused = outcomes.filter((outcome) => outcome !== 'taken');
    assert.ok(refused.length > 3);
    assert.deepEqual([...new Set(refused)], ['GC_STORE_FULL']);
    const taken = 1 + outcomes.length - refused.length;
    assert.equal((await store.counts()).artifacts, taken);
    assert.equal((await store.report(digest(1)))?.packages.length, 2000);
    disk.makeSpace();
    await put(100);
    assert.equal((await store.counts()).artifacts, taken + 1);
  } finally {
    await store.close();
  }
});

test('a spool on a full disk drops with a declared gap, keeps what it took, and goes on when there is space', {
  skip,
}, () => {
  using disk = smallDisk(8);
  const dir = join(disk.dir, 'spool');
  const taken: number[] = [];
  {
    using spool = openSpool({ dir, logger: silentLogger, clock: systemClock });
    const put = (): number | undefined => {
      const seq = spool.append((place) => JSON.stringify(place) + ' '.repeat(5000), { critical: true });
      if (seq !== undefined) taken.push(seq);
      return seq;
    };
    put();
    disk.fillUp(100 * 1024);
    let dropped = 0;
    for (let i = 0; i < 40; i++) if (put() === undefined) dropped += 1;
    assert.ok(dropped > 10);
    assert.equal(spool.stats().dropped, dropped);
    assert.deepEqual(
      spool.read(1, 1000, 1e7).map(({ seq }) => seq),
      taken,
    );
    disk.makeSpace();
    assert.notEqual(put(), undefined);
    assert.deepEqual(
      spool.pendingGaps().map(({ reason, lost }) => [reason, lost]),
      [['spool-disk-full', dropped]],
    );
  }
  using again = openSpool({ dir, logger: silentLogger, clock: systemClock });
  assert.deepEqual(
    again.read(1, 1000, 1e7).map(({ seq }) => seq),
    taken,
  );
  assert.deepEqual(
    taken,
    taken.map((_, index) => index + 1),
  );
  assert.equal(again.pendingGaps().length, 1);
});
