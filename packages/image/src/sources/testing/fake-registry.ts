// A registry for tests on loopback that behaves well or, on request, badly. It records what it was asked.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOfBytes } from '../digest.ts';
import { openRegistry, type RegistryClient } from '../registry/registry-client.ts';
import type { RegistryOptions } from '../registry/registry-options.ts';
import type { SampleImage } from './sample-image.ts';

/** Answers itself and returns true, or leaves the request to the registry. */
export type Hook = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface FakeRegistry extends AsyncDisposable {
  readonly host: string;
  readonly requests: readonly { readonly url: string; readonly headers: IncomingMessage['headers'] }[];
  /** Waits that the client asked for, ms. */
  readonly waits: readonly number[];
  /** Options that reach it, without waiting and without the user's credentials. */
  readonly options: RegistryOptions;
  client(more?: RegistryOptions): RegistryClient;
  add(image: SampleImage, tag?: string): void;
  addManifest(tag: string, bytes: Buffer, mediaType?: string): string;
  hook: Hook;
}

const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

function sendRange(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
  if (from < 0) {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    return;
  }
  if (from >= bytes.length) {
    response.writeHead(416).end();
    return;
  }
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  response.writeHead(206, { 'content-range': range }).end(bytes.subarray(from));
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts it; the repository does not matter, all have the same content. */
export async function fakeRegistry(): Promise<FakeRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { readonly bytes: Buffer; readonly mediaType: string }>();
  const requests: { url: string; headers: IncomingMessage['headers'] }[] = [];
  const waits: number[] = [];

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '';
    requests.push({ url, headers: request.headers });
    if (registry.hook(request, response)) return;
    const [, kind, name = ''] = /\/(manifests|blobs)\/([^/?]+)$/.exec(url) ?? [];
    const manifest = kind === 'manifests' ? manifests.get(name) : undefined;
    const blob = kind === 'blobs' ? blobs.get(name) : undefined;
    if (manifest !== undefined) {
      const { bytes, mediaType } = manifest;
      const headers = { 'content-type': mediaType, 'docker-content-digest': digestOfBytes(bytes) };
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : bytes);
    } else if (blob !== undefined) sendRange(request, response, blob);
    else response.writeHead(404).end('{"errors":[]}');
  }

  const server = createServer(answer);
  const host = await listen(server);
  const options: RegistryOptions = {
    plainHttp: true,
    env: { HOME: '/nonexistent' },
    timeoutMs: 5000,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  function addManifest(tag: string, bytes: Buffer, mediaType = OCI_MANIFEST): string {
    const digest = digestOfBytes(bytes);
    for (const name of [tag, digest]) manifests.set(name, { bytes, mediaType });
    return digest;
  }
  const registry: FakeRegistry = {
    host,
    requests,
    waits,
    options,
    client: (more = {}) => openRegistry(host, { ...options, ...more }),
    add: (image, tag = 'latest') => {
      for (const [digest, bytes] of image.blobs) blobs.set(digest, bytes);
      addManifest(tag, image.manifest);
    },
    addManifest,
    hook: () => false,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return registry;
}
