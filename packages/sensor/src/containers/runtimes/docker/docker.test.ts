import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { containerOfInspect } from './container-of-inspect.ts';
import { agreeOnVersion } from './engine-client.ts';
import { changeOfEvent } from './index.ts';
import { openNetworkCache } from './network-cache.ts';
import { publishedPorts } from './published-ports.ts';

const NO_IMAGE = { repoDigests: [], repoTags: [] };

test('the newest version of the API that both sides know is spoken', () => {
  assert.equal(agreeOnVersion('1.41', '1.12'), '1.41');
  assert.equal(agreeOnVersion('1.52', '1.44'), '1.47');
  assert.equal(agreeOnVersion('1.60', '1.50'), undefined, 'too new for us');
  assert.equal(agreeOnVersion('1.20', '1.12'), undefined, 'too old for us');
});

test('a description becomes a container', () => {
  const container = containerOfInspect(
    {
      Id: 'x',
      Name: '/web',
      Image: 'sha256:1',
      Created: '2026-01-02T03:04:05.6Z',
      Config: { Image: 'app:1', Labels: { a: 'b', n: 5 } },
      State: { Status: 'running', Pid: 42, StartedAt: '0001-01-01T00:00:00Z' },
      HostConfig: { NetworkMode: 'default', Tmpfs: { '/t': 'rw,noexec' } },
      NetworkSettings: { Networks: { n: { IPAddress: '10.0.0.2' } } },
      Mounts: [{ Type: 'volume', Source: '/s', Destination: '/d', RW: true }],
    },
    { repoDigests: ['app@sha256:9'], repoTags: [] },
    ['bridge'],
  );
  assert.equal(container?.name, 'web');
  assert.equal(container?.image.digest, 'sha256:9');
  assert.deepEqual(container?.labels, { a: 'b' });
  assert.deepEqual([container?.state, container?.pid, container?.ip], ['running', 42, '10.0.0.2']);
  assert.deepEqual([container?.networkMode, container?.startedAtMs], ['bridge', 0]);
  assert.deepEqual(
    container?.mounts.map(({ destination }) => destination),
    ['/d', '/t'],
  );
});

test('a container started from an image id is called by a tag of that image', () => {
  const inspected = { Id: 'x', Config: { Image: 'sha256:'.padEnd(71, 'a') } };
  const container = containerOfInspect(inspected, { repoDigests: [], repoTags: ['app:7'] }, []);
  assert.deepEqual([container?.image.repository, container?.image.tag], ['app', '7']);
});

test('ports are those that are bound, or asked for while nothing is', () => {
  const HostConfig = {
    PortBindings: {
      '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
      '53/udp': [{ HostIp: '', HostPort: '53' }],
    },
  };
  const Ports = { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '32768' }], '9/tcp': null };
  const dns = { address: '', hostPort: 53, containerPort: 53, protocol: 'udp' };
  const web = { address: '127.0.0.1', hostPort: 32_768, containerPort: 80, protocol: 'tcp' };
  assert.deepEqual(publishedPorts({ HostConfig, NetworkSettings: { Ports } }, ['bridge']), [web, dns]);
  assert.deepEqual(publishedPorts({ HostConfig }, []), [{ ...web, hostPort: 0 }, dns]);
  assert.deepEqual(publishedPorts({}, ['bridge']), []);
});

test('in a network that reaches beyond the host, or an unknown one, ports say nothing', () => {
  for (const driver of ['macvlan', 'overlay', ''])
    assert.equal(publishedPorts({}, ['bridge', driver]), undefined, driver);
});

test('the driver of a network is asked for once, and again when there was no answer', async () => {
  const asked: string[] = [];
  let status = 500;
  const cache = openNetworkCache({
    ask: (_method, path) => {
      asked.push(path);
      return Promise.resolve({ status, body: { Driver: 'bridge' } });
    },
  });
  assert.equal(await cache.driverOf('n'), '');
  status = 200;
  assert.deepEqual(await Promise.all([cache.driverOf('n'), cache.driverOf('n')]), ['bridge', 'bridge']);
  assert.equal(asked.length, 2);
});

test('an event tells id, name, image and whether the container is gone', () => {
  const actor = { ID: 'x', Attributes: { image: 'app:1', name: 'web', team: 'red' } };
  const change = changeOfEvent(JSON.stringify({ Type: 'container', Action: 'destroy', Actor: actor }));
  assert.equal(change?.removed, true);
  assert.deepEqual([change?.known?.name, change?.known?.image.tag], ['web', '1']);
  assert.deepEqual(change?.known?.labels, { team: 'red' });
});

test('whatever the socket answers is read without an error', () => {
  fc.assert(fc.property(fc.string(), (line) => changeOfEvent(line) === undefined));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      changeOfEvent(JSON.stringify(value));
      return containerOfInspect(value, NO_IMAGE, []) === undefined || JSON.stringify(value).includes('"Id"');
    }),
  );
});
