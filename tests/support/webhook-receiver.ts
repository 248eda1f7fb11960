// A local HTTP receiver of notifications that checks their signature as a user's receiver would.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifySignature } from '@guardcell/notify';

export interface Notification {
  readonly atMs: number;
  readonly signed: boolean;
  readonly body: { readonly type: string; readonly data: Readonly<Record<string, unknown>> } & Readonly<
    Record<string, unknown>
  >;
}

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Notification[];
}

export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const received: Notification[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const header = (name: string): string => String(request.headers[name] ?? '');
      const signed = verifySignature({
        secret,
        id: header('webhook-id'),
        timestamp: header('webhook-timestamp'),
        signature: header('webhook-signature'),
        body: text,
        nowMs: Date.now(),
      }).ok;
      received.push({ atMs: Date.now(), signed, body: JSON.parse(text) as Notification['body'] });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
