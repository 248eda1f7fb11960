// Answers exec, attach and port-forward of the API server as a kubelet would, without running anything.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeKubelet extends AsyncDisposable {
  readonly port: number;
}

/** Its certificate is signed by the cluster's authority, whose key the test cluster keeps in `pki`. */
function certificate(pki: string): { readonly key: string; readonly cert: string } {
  const dir = mkdtempSync(join(tmpdir(), 'gc-kubelet-'));
  const at = (name: string): string => join(dir, name);
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', args, { stdio: 'ignore' });
  try {
    writeFileSync(at('ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      at('key'),
      '-out',
      at('csr'),
      '-subj',
      '/O=system:nodes/CN=system:node:gc-fake',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      at('csr'),
      '-CA',
      join(pki, 'ca.crt'),
      '-CAkey',
      join(pki, 'ca.key'),
      '-set_serial',
      '4711',
      '-days',
      '1',
      '-extfile',
      at('ext'),
      '-out',
      at('cert'),
    );
    return { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('cert'), 'utf8') };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export async function startFakeKubelet(clusterDir: string): Promise<FakeKubelet> {
  const server = createServer(certificate(join(clusterDir, 'pki')));
  server.on('request', (_request, response) => void response.end('a line of a log\n'));
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
    setTimeout(() => socket.end(), 200);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
