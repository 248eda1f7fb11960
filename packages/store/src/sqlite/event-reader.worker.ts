// Entry of a thread that reads events.
import { workerData } from 'node:worker_threads';
import { serveOperations } from '../worker/serve-operations.ts';
import { createEventReader } from './event-reader.ts';

serveOperations({ ...createEventReader((workerData as { readonly dir: string }).dir) });
