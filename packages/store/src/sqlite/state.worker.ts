// Entry of the thread that keeps state.
import { workerData } from 'node:worker_threads';
import { serveOperations } from '../worker/serve-operations.ts';
import { createStateTable } from './state-table.ts';

serveOperations({ ...createStateTable((workerData as { readonly file: string }).file) });
