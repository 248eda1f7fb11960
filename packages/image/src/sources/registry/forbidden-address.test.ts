// A registry names further addresses: of its tokens, of its content. Some of them are nobody's business.
import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openRegistry } from './registry-client.ts';
import type { RegistryOptions } from './registry-options.ts';

const HERE = '127.0.0.1';
const ELSEWHERE = '127.0.0.2';

async function serve(address: string, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, address, done));
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** The code with which a list of tags ends, and how often the other address was asked. */
async function asked(
  lead: (elsewhere: string) => RequestListener,
  options: RegistryOptions,
): Promise<{ readonly code: unknown; readonly hits: number }> {
  let hits = 0;
  const other = await serve(ELSEWHERE, (_request, response) => {
    hits += 1;
    response.end('{"access_token":"of-the-cloud"}');
  });
  const registry = await serve(HERE, lead(`http://${ELSEWHERE}:${portOf(other)}/secrets`));
  const client = openRegistry(`${HERE}:${portOf(registry)}`, { plainHttp: true, retries: 0, ...options });
  try {
    for await (const _tag of client.tags('app')) break;
    return { code: undefined, hits };
  } catch (thrown) {
    return { code: (thrown as { code?: unknown }).code, hits };
  } finally {
    await client.close();
    for (const server of [other, registry]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

const mayConnect = (address: string): boolean => address !== ELSEWHERE;

const redirecting =
  (to: string): RequestListener =>
  (_request, response) =>
    response.writeHead(307, { location: to }).end();

const challenging =
  (to: string): RequestListener =>
  (_request, response) =>
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${to}",service="s"` }).end();

test('a redirect to an address that may not be asked is not followed', async () => {
  assert.equal((await asked(redirecting, {})).hits, 1);
  assert.deepEqual(await asked(redirecting, { mayConnect }), { code: 'GC_REGISTRY_ADDRESS', hits: 0 });
});

test('what an address that may not be asked would answer is never a token for the registry', async () => {
  assert.ok((await asked(challenging, {})).hits > 0);
  assert.deepEqual(await asked(challenging, { mayConnect }), { code: 'GC_REGISTRY_ADDRESS', hits: 0 });
});

test('names are judged by the addresses that they have when they are connected to', async () => {
  const refused: string[] = [];
  const noneAtAll = (address: string): boolean => {
    refused.push(address);
    return false;
  };
  const byName = (to: string): RequestListener => redirecting(to.replace(ELSEWHERE, 'localhost'));
  const first = await asked(byName, { mayConnect: (address) => address === HERE && refused.length > 0 });
  assert.equal(first.code, 'GC_REGISTRY_ADDRESS');
  const client = openRegistry('localhost:1', { plainHttp: true, retries: 0, mayConnect: noneAtAll });
  await assert.rejects(
    async () => {
      for await (const _tag of client.tags('app')) break;
    },
    { code: 'GC_REGISTRY_ADDRESS' },
  );
  await client.close();
  assert.ok(refused.some((address) => address === HERE || address === '::1'));
});
