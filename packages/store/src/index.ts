// The whole public surface of store: the ports, the SQLite adapters, and in-memory models for tests.
export { openMemoryEventStore } from './memory/memory-event-store.ts';
export { openMemoryStateStore } from './memory/memory-state-store.ts';
export * from './ports.ts';
export type * from './scan-ports.ts';
export type { Durability } from './sqlite/open-database.ts';
export {
  openSqliteScanStore,
  type SqliteScanStore,
  type SqliteScanStoreOptions,
} from './sqlite/scans/sqlite-scan-store.ts';
export {
  openSqliteEventStore,
  type SqliteEventStore,
  type SqliteEventStoreOptions,
} from './sqlite/sqlite-event-store.ts';
export { openSqliteStateStore, type SqliteStateStoreOptions } from './sqlite/sqlite-state-store.ts';
export type { StoreErrorCode } from './store-error.ts';
