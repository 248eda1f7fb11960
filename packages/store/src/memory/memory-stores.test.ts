// The models pass the suites that they are the measure of.
import { eventStoreConformance } from '../conformance/event-store-conformance.ts';
import { stateStoreConformance } from '../conformance/state-store-conformance.ts';
import { openMemoryEventStore } from './memory-event-store.ts';
import { openMemoryStateStore } from './memory-state-store.ts';

eventStoreConformance('memory event store', async () => {
  const store = openMemoryEventStore();
  return { store, [Symbol.asyncDispose]: () => store.close() };
});

stateStoreConformance('memory state store', async () => {
  const store = openMemoryStateStore();
  return { store, [Symbol.asyncDispose]: () => store.close() };
});
