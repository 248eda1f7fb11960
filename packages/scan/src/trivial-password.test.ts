// Hashes made with openssl passwd.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTrivialPassword } from './trivial-password.ts';

test('trivial passwords are recognised in md5crypt, sha256crypt and sha512crypt, others are not', () => {
  for (const hash of [
    '$1$saltstri$QTO6JC6Q8mH9rFmjXsvtT.',
    '$1$ab$oKsM6dtDD2L1bKowOBX.7.',
    '$5$saltstri$CKfnJJOCG43rwSK9uuOQTYV5CXG968iPBgRDyxiou06',
    '$5$ab$qeQJSoyiYLyCNJ4nhnpINuEqxziLz7BmT6ldjwrEtl9',
    '$6$saltstri$FPbLVR7OCZKUOWrH5mzDleMD5b1KAg7bnGY9tsYuVQqUrclR7v3M3tH0EP.2.xi8Y7beag7jBqyUOoWHEV4VA1',
    '$6$rounds=1000$xyz$81itJFiG3V0L0rfXbiXXZ/UsPDfLFy.ZquGYtoLTcEFQjLT3z1IxKjlZDPM4HJgdok7aA1wqlBQodf//Mpl.e/',
  ]) {
    assert.equal(isTrivialPassword()('ann', hash), true, hash);
    assert.equal(isTrivialPassword()('ann', `${hash.slice(0, -1)}z`), false, hash);
  }
});

test('hashes of other kinds and hashes that cost too much are not tried', () => {
  const judge = isTrivialPassword();
  assert.equal(judge('root', '$y$j9T$salt$hash'), false);
  assert.equal(judge('root', `$6$rounds=999999999$xyz$${'a'.repeat(86)}`), false);
  assert.equal(judge('root', ''), false);
});
