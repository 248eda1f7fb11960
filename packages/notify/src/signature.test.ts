import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretKey, signatureOf, verifySignature } from './signature.ts';

// The example of the Standard Webhooks specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PARTS = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: '{"test": 2432232314}' };
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const NOW = 1_614_265_330_000;

test('signs as the Standard Webhooks specification shows', () => {
  assert.equal(signatureOf(secretKey(SECRET), PARTS), SIGNATURE);
});

test('accepts its own signature, also among others', () => {
  const input = { ...PARTS, secret: SECRET, nowMs: NOW };
  assert.deepEqual(verifySignature({ ...input, signature: SIGNATURE }), { ok: true });
  assert.deepEqual(verifySignature({ ...input, signature: `v1,AAAA v1a,x ${SIGNATURE}` }), { ok: true });
});

test('refuses another body, another secret, an old or malformed timestamp', () => {
  const input = { ...PARTS, secret: SECRET, nowMs: NOW, signature: SIGNATURE };
  assert.deepEqual(verifySignature({ ...input, body: '{}' }), { ok: false, reason: 'signature' });
  assert.deepEqual(verifySignature({ ...input, secret: 'other' }), { ok: false, reason: 'signature' });
  assert.deepEqual(verifySignature({ ...input, signature: '' }), { ok: false, reason: 'signature' });
  assert.deepEqual(verifySignature({ ...input, nowMs: NOW + 301_000 }), { ok: false, reason: 'timestamp' });
  assert.deepEqual(verifySignature({ ...input, timestamp: 'x' }), { ok: false, reason: 'timestamp' });
});
