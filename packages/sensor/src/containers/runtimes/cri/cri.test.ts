import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Server, ServerCredentials, type UntypedHandleCall } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Container } from '@guardcell/core';
import { openCriApi, sandboxPorts } from './api.ts';
import { containerOfCri } from './container-of-cri.ts';
import { changesBetween } from './index.ts';

test('a runtime that speaks v1alpha2 alone is understood', async () => {
  const described = loadSync(join(import.meta.dirname, 'protos/v1.proto'))['runtime.v1.RuntimeService'];
  assert.ok(described !== undefined && !('format' in described) && 'Version' in described);
  const { Version, ListContainers } = described;
  assert.ok(Version !== undefined && ListContainers !== undefined);
  const answer =
    (value: object): UntypedHandleCall =>
    (_call: unknown, done: (error: null, value: object) => void): void =>
      done(null, value);
  const older = '/runtime.v1alpha2.RuntimeService';
  const folder = mkdtempSync(join(tmpdir(), 'gc-cri-'));
  const socket = join(folder, 'cri.sock');
  const server = new Server();
  server.addService(
    {
      Version: { ...Version, path: `${older}/Version` },
      ListContainers: { ...ListContainers, path: `${older}/ListContainers` },
    },
    {
      Version: answer({ runtimeName: 'old', runtimeVersion: '1' }),
      ListContainers: answer({ containers: [{ id: 'c1', podSandboxId: 's1' }] }),
    },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    const cri = await openCriApi(socket);
    assert.equal(cri.runtimeName, 'old');
    assert.deepEqual(
      (await cri.list()).map(({ id, sandboxId }) => [id, sandboxId]),
      [['c1', 's1']],
    );
    cri.close();
  } finally {
    server.forceShutdown();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what is new, different or gone between two lists is a change', () => {
  const before = new Map([
    ['same', 'r'],
    ['other', 'r'],
    ['gone', 'r'],
  ]);
  const now = new Map([
    ['same', 'r'],
    ['other', 'x'],
    ['new', 'r'],
  ]);
  assert.deepEqual(changesBetween(before, now), [
    { id: 'other', removed: false },
    { id: 'new', removed: false },
    { id: 'gone', removed: true },
  ]);
});

test('an image reference with a digest gives the digest, a bare one the id', () => {
  const sandbox = { labels: {}, ip: '' };
  const described = (image_ref: string): Container | undefined =>
    containerOfCri({ status: { id: 'x', image_ref }, info: 'no JSON' }, sandbox);
  assert.equal(described('app@sha256:5')?.image.digest, 'sha256:5');
  assert.equal(described('sha256:5')?.image.id, 'sha256:5');
});

test('ports of a pod come from its configuration or from an annotation, and are left out where neither is', () => {
  const web = { address: '', hostPort: 8080, containerPort: 80, protocol: 'tcp' };
  const dns = { address: '127.0.0.1', hostPort: 53, containerPort: 5353, protocol: 'udp' };
  const config = {
    port_mappings: [
      { container_port: 80, host_port: 8080 },
      { protocol: 1, container_port: 5353, host_port: 53, host_ip: '127.0.0.1' },
      { container_port: 9 },
    ],
  };
  assert.deepEqual(sandboxPorts(JSON.stringify({ config })), [web, dns]);
  assert.deepEqual(sandboxPorts(JSON.stringify({ config: {} })), []);
  const annotations = {
    'io.kubernetes.cri-o.PortMappings': JSON.stringify([
      { HostPort: 8080, ContainerPort: 80, Protocol: 'TCP', HostIP: '' },
    ]),
  };
  assert.deepEqual(sandboxPorts(JSON.stringify({ runtimeSpec: { annotations } })), [web]);
  for (const silent of ['', '{}', 'no JSON']) assert.equal(sandboxPorts(silent), undefined, silent);
});
