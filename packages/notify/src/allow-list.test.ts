import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowed } from './allow-list.ts';

const CASES: readonly (readonly [string, string, number, string, boolean])[] = [
  // entry, host, port, address, allowed
  ['127.0.0.1', '127.0.0.1', 80, '127.0.0.1', true],
  ['127.0.0.1:9999', '127.0.0.1', 9999, '127.0.0.1', true],
  ['127.0.0.1:9999', '127.0.0.1', 9998, '127.0.0.1', false],
  ['[::1]:9999', '::1', 9999, '::1', true],
  ['[::1]:9999', '::1', 1, '::1', false],
  ['::1', '::1', 1, '::1', true],
  ['10.0.0.0/8', 'hooks.test', 443, '10.2.3.4', true],
  ['10.0.0.0/8', 'hooks.test', 443, '11.2.3.4', false],
  ['fd00::/8', 'hooks.test', 443, 'fd12::1', true],
  ['10.0.0.0/33', 'hooks.test', 443, '10.2.3.4', false],
  ['10.0.0.0/', 'hooks.test', 443, '10.2.3.4', false],
  ['nonsense/8', 'hooks.test', 443, '10.2.3.4', false],
  ['hooks.test', 'hooks.test', 443, '10.2.3.4', true],
  ['HOOKS.test', 'hooks.test.', 443, '10.2.3.4', true],
  ['hooks.test:8443', 'hooks.test', 443, '10.2.3.4', false],
  ['hooks.test', 'other.test', 443, '10.2.3.4', false],
  ['hooks.test', 'hooks.test', 80, '169.254.169.254', false],
  ['169.254.169.254', 'hooks.test', 80, '169.254.169.254', true],
  ['169.254.0.0/16', 'hooks.test', 80, '169.254.169.254', true],
  ['', '', 80, '127.0.0.1', false],
  [':80', '', 80, '127.0.0.1', false],
];

for (const [entry, host, port, address, wanted] of CASES) {
  test(`'${entry}' ${wanted ? 'allows' : 'does not allow'} ${host}:${port} at ${address}`, () => {
    assert.equal(isAllowed([entry], { host, port }, address), wanted);
  });
}
