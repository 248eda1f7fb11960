// The SQLite stores pass the same suites as the models.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@guardcell/kit';
import { eventStoreConformance } from '../conformance/event-store-conformance.ts';
import { stateStoreConformance } from '../conformance/state-store-conformance.ts';
import type { OpenedStore } from '../conformance/store-case.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';
import { openSqliteStateStore } from './sqlite-state-store.ts';

async function inTemporaryFolder<Store extends { close(): Promise<void> }>(
  open: (dir: string) => Promise<Store>,
): Promise<OpenedStore<Store>> {
  const dir = await mkdtemp(join(tmpdir(), 'gc-store-'));
  const store = await open(dir);
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
}

eventStoreConformance('sqlite event store', () =>
  inTemporaryFolder((dir) =>
    openSqliteEventStore({ dir, durability: 'process-crash', logger: silentLogger, clock: systemClock }),
  ),
);

stateStoreConformance('sqlite state store', () =>
  inTemporaryFolder((dir) => openSqliteStateStore({ file: join(dir, 'state.sqlite'), logger: silentLogger })),
);
