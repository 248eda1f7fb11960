import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '@guardcell/core';
import { sandboxPorts } from './api.ts';
import { containerOfCri } from './container-of-cri.ts';
import { changesBetween } from './index.ts';

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
