// How far containers can be reached, by what their runtimes say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container, PublishedPort } from './container.ts';
import {
  type Exposure,
  exposureOfContainer,
  gravestExposure,
  reachOfAddress,
  UNKNOWN_EXPOSURE,
} from './exposure.ts';

type Reachable = Parameters<typeof exposureOfContainer>[0];

function reachable(more: Partial<Reachable> = {}): Reachable {
  return { networkMode: 'bridge', privileged: false, ports: [], ...more };
}

function port(address: string, hostPort = 8080, containerPort = 80): PublishedPort {
  return { address, hostPort, containerPort, protocol: 'tcp' };
}

test('an address says who reaches what is bound to it', () => {
  for (const all of ['', '0.0.0.0', '::', '10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1'])
    assert.equal(reachOfAddress(all), 'published', all);
  for (const own of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    assert.equal(reachOfAddress(own), 'loopback', own);
  for (const open of ['203.0.113.9', '172.32.0.1', '100.128.0.1', '2001:db8::1', '11.0.0.1'])
    assert.equal(reachOfAddress(open), 'internet', open);
  // Nobody can say what this is: not less than every address.
  for (const odd of ['127.0.0.1.example.com', 'rubbish', '1']) assert.equal(reachOfAddress(odd), 'published');
});

test('a container is as exposed as its widest port, and only those ports are named', () => {
  const both = exposureOfContainer(
    reachable({ ports: [port('127.0.0.1', 9000, 90), port('0.0.0.0', 8081), port('::', 8081)] }),
  );
  assert.deepEqual(both, {
    level: 'published',
    ports: ['80/tcp'],
    endpoints: ['0.0.0.0:8081', '[::]:8081'],
    privileged: false,
  });
  assert.equal(exposureOfContainer(reachable({ ports: [port('127.0.0.1')] })).level, 'loopback');
  assert.equal(exposureOfContainer(reachable()).level, 'internal');
});

test('the network decides where nothing is published', () => {
  const levelOf = (more: Partial<Reachable>): string => exposureOfContainer(reachable(more)).level;
  assert.equal(levelOf({ networkMode: 'host' }), 'host-network');
  assert.equal(levelOf({ networkMode: 'none' }), 'none');
  const { ports: _unknown, ...silent } = reachable();
  assert.equal(exposureOfContainer(silent).level, 'unknown');
  const kubernetes = { namespace: 'a', podName: 'b', podUid: '', containerName: '', podLabels: {} };
  assert.equal(levelOf({ kubernetes }), 'unknown', 'a service may lead to it');
  assert.equal(levelOf({ kubernetes, ports: [port('')] }), 'published');
});

test('who shares the network of another is as exposed as that one', () => {
  const web = reachable({ ports: [port('0.0.0.0')], privileged: true });
  const other = (id: string): Reachable | undefined => (id === 'web' ? web : undefined);
  const shared = exposureOfContainer(reachable({ networkMode: 'container:web' }), other);
  assert.deepEqual([shared.level, shared.privileged], ['published', false]);
  assert.equal(exposureOfContainer(reachable({ networkMode: 'container:gone' }), other).level, 'unknown');
});

test('the most exposed container of an image counts; what is not known is not taken for little', () => {
  const of = (level: Exposure, ports: string[] = []): typeof UNKNOWN_EXPOSURE => ({
    ...UNKNOWN_EXPOSURE,
    level,
    ports,
  });
  assert.deepEqual(gravestExposure([]), UNKNOWN_EXPOSURE);
  assert.equal(gravestExposure([of('none'), of('unknown')]).level, 'unknown');
  assert.equal(gravestExposure([of('unknown'), of('host-network')]).level, 'host-network');
  assert.deepEqual(
    gravestExposure([of('published', ['443/tcp']), of('published', ['80/tcp']), of('none')]).ports,
    ['80/tcp', '443/tcp'],
  );
});

test('of very many ports some are named and the rest are counted', () => {
  const ports = Array.from({ length: 1000 }, (_, at) => port('0.0.0.0', 10_000 + at, 10_000 + at));
  const container: Pick<Container, 'ports'> & Reachable = reachable({ ports });
  const { ports: named } = exposureOfContainer(container);
  assert.equal(named.length, 9);
  assert.equal(named.at(-1), '+992');
});
