// HTTP over the server's Unix socket: one keep-alive client for batches, reports, results and the desired-state stream.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import type {
  ActionResult,
  Batch,
  BatchAck,
  DesiredState,
  InUseUpload,
  TrialAnswer,
} from '@guardcell/contract';
import type { AgentReport, Container } from '@guardcell/core';
import { CodedError, readLines } from '@guardcell/kit';

const REPLY_MAX_BYTES = 1024 * 1024;
const DESIRED_LINE_MAX_BYTES = 64 * 1024 * 1024;
const CALL_TIMEOUT_MS = 15_000;
/** The server stores a scan before it answers. */
const FILE_TIMEOUT_MS = 120_000;
/** The server writes at least an empty line every 10 s. */
const STREAM_SILENCE_MS = 30_000;

/** `AgentUpdate` of the contract, in core's readonly types. */
export interface AgentUpdate {
  readonly report: AgentReport;
  readonly containers: readonly Container[];
}

export interface ServerLink {
  /** @throws CodedError GC_SERVER_UNREACHABLE, GC_SERVER_REFUSED. */
  sendBatch(sensor: string, epoch: number, batch: string): Promise<BatchAck>;
  sendUpdate(update: AgentUpdate): Promise<void>;
  sendResult(actionId: string, result: ActionResult): Promise<void>;
  sendTrial(id: string, answer: TrialAnswer): Promise<void>;
  /** A file with a gzip'd `ScanUpload`. Gives the HTTP status. @throws CodedError GC_SERVER_UNREACHABLE. */
  sendScan(file: string): Promise<number>;
  sendInUse(upload: InUseUpload): Promise<void>;
  /** Yields each desired state until the stream ends or `signal` aborts. */
  desired(sensor: string, signal: AbortSignal): AsyncGenerator<DesiredState, void, void>;
  close(): void;
}

export interface ServerLinkOptions {
  readonly socketPath: string;
  readonly tokenFile: string;
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REPLY_MAX_BYTES) throw new CodedError('GC_SERVER_REFUSED', 'the server answered too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreachable(socketPath: string, cause: unknown): CodedError {
  return new CodedError('GC_SERVER_UNREACHABLE', 'the server does not answer', { at: socketPath, cause });
}

export function createServerLink(options: ServerLinkOptions): ServerLink {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });

  async function open(
    method: string,
    path: string,
    body: string | undefined,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const token = (await readFile(options.tokenFile, 'utf8')).trim();
    return new Promise((done, fail) => {
      const call = request(
        {
          socketPath: options.socketPath,
          agent,
          method,
          path,
          timeout: timeoutMs,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
          },
          ...(signal !== undefined && { signal }),
        },
        done,
      );
      call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      call.on('error', (cause) => fail(unreachable(options.socketPath, cause)));
      call.end(body);
    });
  }

  async function post(path: string, body: string, hasAckWhenBusy = false): Promise<string> {
    let response: IncomingMessage;
    let text: string;
    try {
      response = await open('POST', path, body, CALL_TIMEOUT_MS);
      text = await readAll(response);
    } catch (cause) {
      throw cause instanceof CodedError ? cause : unreachable(options.socketPath, cause);
    }
    const status = response.statusCode ?? 0;
    // For alerts 503 carries an ack too: the store cannot take more now, and says when to try again.
    if (status >= 300 && !(hasAckWhenBusy && status === 503)) {
      throw new CodedError('GC_SERVER_REFUSED', `the server answered ${status}`, {
        at: path,
        hint: text.slice(0, 300),
      });
    }
    return text;
  }

  async function postFile(path: string, file: string): Promise<number> {
    const token = (await readFile(options.tokenFile, 'utf8')).trim();
    const { size } = await stat(file);
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': size,
    };
    const { socketPath } = options;
    const response = await new Promise<IncomingMessage>((done, fail) => {
      const call = request({ socketPath, method: 'POST', path, timeout: FILE_TIMEOUT_MS, headers }, done);
      call.on('timeout', () => call.destroy(new Error(`no answer within ${FILE_TIMEOUT_MS} ms`)));
      call.on('error', (cause) => fail(unreachable(socketPath, cause)));
      const content = createReadStream(file);
      content.on('error', (cause) => call.destroy(cause));
      content.pipe(call);
    });
    await readAll(response);
    return response.statusCode ?? 0;
  }

  return {
    async sendBatch(sensor, epoch, batch) {
      const text = await post(`/agent/v1/streams/${sensor}/${epoch}/batches`, batch, true);
      const reply = JSON.parse(text) as Partial<BatchAck>;
      return { ack: reply.ack ?? 0, retryAfterMs: reply.retryAfterMs ?? 1000 };
    },
    async sendUpdate(update) {
      await post('/agent/v1/report', JSON.stringify(update));
    },
    async sendResult(actionId, result) {
      await post(`/agent/v1/actions/${actionId}/result`, JSON.stringify(result));
    },
    async sendTrial(id, answer) {
      await post(`/agent/v1/trials/${id}/answer`, JSON.stringify(answer));
    },
    sendScan: (file) => postFile('/agent/v1/scans', file),
    async sendInUse(upload) {
      await post('/agent/v1/in-use', JSON.stringify(upload));
    },
    async *desired(sensor, signal) {
      const path = `/agent/v1/desired?sensor=${encodeURIComponent(sensor)}`;
      const response = await open('GET', path, undefined, STREAM_SILENCE_MS, signal);
      if (response.statusCode !== 200) {
        response.resume();
        throw new CodedError('GC_SERVER_REFUSED', `the server answered ${response.statusCode}`, { at: path });
      }
      for await (const line of readLines(response, DESIRED_LINE_MAX_BYTES)) {
        yield JSON.parse(line) as DesiredState;
      }
    },
    close: () => agent.destroy(),
  };
}

/** One batch as JSON text from alerts that already are JSON text, so that nothing is parsed and printed again. */
export function batchText(firstSeq: number, alerts: readonly string[], gaps: Batch['gaps']): string {
  return `{"firstSeq":${firstSeq},"alerts":[${alerts.join(',')}],"gaps":${JSON.stringify(gaps)}}`;
}
