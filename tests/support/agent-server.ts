// The server as the agent sees it, on a Unix socket: hands out a desired state and keeps what agents upload.

import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type DesiredState,
  type InUseUpload,
  InUseUploadSchema,
  type ScanUpload,
  ScanUploadSchema,
} from '@guardcell/contract';
import { Errors } from 'typebox/value';

export interface AgentServer extends AsyncDisposable {
  readonly socketPath: string;
  readonly tokenFile: string;
  readonly scans: ScanUpload[];
  readonly inUse: InUseUpload[];
  /** What of the uploads did not fit the contract. */
  readonly broken: string[];
  setDesired(state: DesiredState): void;
  /** Answers uploads with this status from now on. */
  answer(status: number): void;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** @param folder a temporary folder of the test */
export async function startAgentServer(folder: string, first: DesiredState): Promise<AgentServer> {
  const socketPath = join(folder, 'agent.sock');
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'a token');
  const scans: ScanUpload[] = [];
  const inUse: InUseUpload[] = [];
  const broken: string[] = [];
  const streams = new Set<ServerResponse>();
  let desired = first;
  let status = 200;

  function check(schema: typeof ScanUploadSchema | typeof InUseUploadSchema, value: unknown): void {
    for (const error of Errors(schema, value).slice(0, 5))
      broken.push(`${error.instancePath} ${error.message}`);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.startsWith('/agent/v1/desired')) {
      streams.add(response);
      response.on('close', () => streams.delete(response));
      response.writeHead(200);
      response.write(`${JSON.stringify(desired)}\n`);
      return;
    }
    const text = (await bodyOf(request)).toString('utf8');
    if (path === '/agent/v1/scans' || path === '/agent/v1/in-use') {
      if (status === 200) {
        const value: unknown = JSON.parse(text);
        check(path.endsWith('scans') ? ScanUploadSchema : InUseUploadSchema, value);
        if (path.endsWith('scans')) scans.push(value as ScanUpload);
        else inUse.push(value as InUseUpload);
      }
      response.writeHead(status).end('{}');
      return;
    }
    if (path.endsWith('/batches')) {
      const { firstSeq, alerts } = JSON.parse(text) as { firstSeq: number; alerts: unknown[] };
      response.end(JSON.stringify({ ack: firstSeq + alerts.length - 1, retryAfterMs: 0 }));
      return;
    }
    response.end('{}');
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const beat = setInterval(() => {
    for (const stream of streams) stream.write('\n');
  }, 5000);
  await new Promise<void>((done) => server.listen(socketPath, done));
  return {
    socketPath,
    tokenFile,
    scans,
    inUse,
    broken,
    setDesired(state) {
      desired = state;
      for (const stream of streams) stream.write(`${JSON.stringify(state)}\n`);
    },
    answer(next) {
      status = next;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
