import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNotifier } from './notifier.ts';
import { deliveryTo, testOptions } from './test-delivery.ts';
import type { ResolvedAddress } from './types.ts';

// Addresses that attackers write to reach what is inside. None may even be connected to.
const HOSTILE = `
http://127.0.0.1/ http://127.1/ http://127.0.1/ http://127.255.255.254/ http://2130706433/ http://0x7f000001/
http://0x7f.0.0.1/ http://0177.0.0.1/ http://017700000001/ http://0x7F.1/ http://127.0.0.1./ http://①②⑦.⓪.⓪.①/
http://127。0。0。1/ http://0/ http://0.0.0.0/ http://0x0/ http://[::]/ http://[::1]/ http://[0:0:0:0:0:0:0:1]/
http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/
http://[2002:7f00:1::]/ http://[2001:0:7f00:1::]/ http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/
http://172.31.255.255/ http://192.168.1.1/ http://192.168.0.1:8080/ http://169.254.169.254/latest/meta-data/
http://2852039166/ http://0xa9fea9fe/ http://0251.0376.0251.0376/ http://[::ffff:a9fe:a9fe]/ http://[fd00:ec2::254]/
http://[fe80::1]/ http://[fc00::1]/ http://[fd12:3456::1]/ http://[ff02::1]/ http://100.64.0.1/ http://100.100.100.200/
http://198.18.0.1/ http://192.0.0.192/ http://224.0.0.1/ http://255.255.255.255/ http://240.0.0.1/ https://127.0.0.1/
https://[::1]:443/ http://localhost/ http://LOCALHOST/ http://localhost.localdomain/ http://metadata.test/
http://rebind.test/ http://v6.test/ http://mapped.test/`
  .trim()
  .split(/\s+/);

const NOT_HTTP = [
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  'ftp://example.com/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'http://',
  'http:///',
  'http://user:pass@example.com/',
  'http://user@127.0.0.1/',
  'http://example.com:0/',
  'http://example.com:99999/',
  'http://[::1/',
  'http://[fe80::1%25eth0]/',
  'http://256.1.1.1/',
  'http://exa mple.com/',
  '//127.0.0.1/',
  'example.com',
  '',
  `http://example.com/${'x'.repeat(3000)}`,
];

const NAMES: Readonly<Record<string, ResolvedAddress>> = {
  'metadata.test': { address: '169.254.169.254', family: 4 },
  'rebind.test': { address: '10.9.8.7', family: 4 },
  'v6.test': { address: 'fe80::1%eth0', family: 6 },
  'mapped.test': { address: '::ffff:127.0.0.1', family: 6 },
};

const LOOPBACK: ResolvedAddress = { address: '127.0.0.1', family: 4 };
const resolve = (hostname: string): Promise<readonly ResolvedAddress[]> =>
  Promise.resolve([NAMES[hostname] ?? LOOPBACK]);
const NEVER = new AbortController().signal;

test('the corpus has at least 40 hostile addresses', () => {
  assert.ok(HOSTILE.length >= 40);
});

for (const url of HOSTILE) {
  test(`refuses ${url}`, async () => {
    const { options } = testOptions({ resolve, limits: { attempts: 1, attemptTimeoutMs: 1000 } });
    const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
    assert.ok(!result.ok);
    assert.equal(result.code, 'GC_NOTIFY_BLOCKED');
  });
}

for (const url of NOT_HTTP) {
  test(`does not take '${url.slice(0, 60)}' for a receiver`, async () => {
    const { options } = testOptions({ resolve });
    const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
    assert.ok(!result.ok);
    assert.deepEqual([result.code, result.attempts], ['GC_NOTIFY_URL', 0]);
  });
}
