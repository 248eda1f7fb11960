// Entry of the thread that answers questions about scans.
import { workerData } from 'node:worker_threads';
import { serveOperations } from '../../worker/serve-operations.ts';
import { createScanReader } from './scan-reader.ts';

serveOperations({ ...createScanReader((workerData as { readonly file: string }).file) });
