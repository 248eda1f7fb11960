// Entry of the thread that writes scans.
import { workerData } from 'node:worker_threads';
import { serveOperations } from '../../worker/serve-operations.ts';
import { createScanWriter } from './scan-writer.ts';

serveOperations({ ...createScanWriter((workerData as { readonly file: string }).file) });
