// Entry of the thread that writes events.
import { workerData } from 'node:worker_threads';
import { serveOperations } from '../worker/serve-operations.ts';
import { createEventWriter, type EventWriterOptions } from './event-writer.ts';

serveOperations({ ...createEventWriter(workerData as EventWriterOptions) });
