import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ALL_CAPABILITIES } from './capabilities.ts';
import { specFacts } from './oci-spec.ts';

test('mounts that lead to the host are listed, the virtual ones of every container are not', () => {
  const mounts = [
    { type: 'proc', source: 'proc', destination: '/proc' },
    { type: 'bind', source: '/etc', destination: '/mnt', options: ['rbind', 'ro'] },
  ];
  assert.deepEqual(specFacts({ mounts }).mounts, [
    { type: 'bind', source: '/etc', destination: '/mnt', readOnly: true },
  ]);
});

test('privileged means the powerful capabilities, every device, and nothing masked', () => {
  const process = { capabilities: { bounding: ALL_CAPABILITIES } };
  const devices = [{ allow: true, access: 'rwm' }];
  assert.equal(specFacts({ process, linux: { resources: { devices } } }).privileged, true);
  assert.equal(
    specFacts({ process, linux: { resources: { devices: [{ allow: false }] } } }).privileged,
    false,
  );
  assert.equal(
    specFacts({ process, linux: { resources: { devices }, maskedPaths: ['/proc/kcore'] } }).privileged,
    false,
  );
  assert.equal(specFacts({ linux: { resources: { devices } } }).privileged, false);
});

test('the network is the host’s without a namespace of its own, or the path of the one it joins', () => {
  assert.equal(specFacts({ linux: { namespaces: [{ type: 'pid' }] } }).network, 'host');
  assert.equal(specFacts({ linux: { namespaces: [{ type: 'network' }] } }).network, 'private');
  const joined = [{ type: 'network', path: '/var/run/netns/x' }];
  assert.equal(specFacts({ linux: { namespaces: joined } }).network, '/var/run/netns/x');
});

test('any JSON is read without an error', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => specFacts(value).capabilities.length >= 0));
});
