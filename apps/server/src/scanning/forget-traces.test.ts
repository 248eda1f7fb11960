// What is kept about artifacts goes when they go: else it grows with every container that ever ran.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryStateStore, type ScanStore } from '@guardcell/store';
import { put } from '../stored.ts';
import { forgetTraces } from './forget-traces.ts';

test('ledgers of images and containers that are no more are removed, those of hosts stay', async () => {
  const state = openMemoryStateStore();
  const kept = 'sha256:aa';
  const ids = [kept, 'sha256:bb', 'container:cc', 'host:node-1'];
  await state.commit(
    ids.map((id) => put('scan-ledger', id, { from: 'off', vulnerabilities: [], others: [] })),
  );
  const store = { known: async () => new Set([kept]) } as unknown as ScanStore;
  await forgetTraces(state, store, Date.now());
  const left = await state.list('scan-ledger');
  assert.deepEqual(left.map(({ id }) => id).sort(), ['host:node-1', kept]);
  await state.close();
});
