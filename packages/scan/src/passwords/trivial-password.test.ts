// Hashes made with openssl passwd and with libxcrypt's crypt(3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePasswords } from './trivial-password.ts';

function judge(...kept: readonly (readonly [name: string, hash: string])[]): readonly string[] {
  return judgePasswords(kept.map(([name, hash]) => ({ name, hash })));
}

test('trivial passwords are recognised in the hashes of every kind that systems keep, others are not', () => {
  for (const hash of [
    '$1$saltstri$QTO6JC6Q8mH9rFmjXsvtT.',
    '$1$ab$oKsM6dtDD2L1bKowOBX.7.',
    '$5$saltstri$CKfnJJOCG43rwSK9uuOQTYV5CXG968iPBgRDyxiou06',
    '$5$ab$qeQJSoyiYLyCNJ4nhnpINuEqxziLz7BmT6ldjwrEtl9',
    '$6$saltstri$FPbLVR7OCZKUOWrH5mzDleMD5b1KAg7bnGY9tsYuVQqUrclR7v3M3tH0EP.2.xi8Y7beag7jBqyUOoWHEV4VA1',
    '$6$rounds=1000$xyz$81itJFiG3V0L0rfXbiXXZ/UsPDfLFy.ZquGYtoLTcEFQjLT3z1IxKjlZDPM4HJgdok7aA1wqlBQodf//Mpl.e/',
    '$y$j75$abcdefgh$GlLQ4APagUE4Yg7A1QELZMmY375MFHiFTn2cMxs0zcD',
    '$y$j75$F5Jx5fExrKuPp53xLKQ..1$6Ttv8PR0mzms/.RLVEgTO2JmLY0FDC7Cfd.UUAxsEO8',
    '$y$j75.0$abcdefgh$2aFgLFumJH.E38GZbNffQRVM4tlS7z4dT80eQ2JIau.',
    '$y$j750/.$$J36DpPM2o2JnoXH3MQmJDnID6PUuq0xRJb.WC/m.pj/',
    '$y$j5m6/.$abcdefgh$Bzic/K0HF6bjcJBsxRqLhwHWXSpQabSzbJ.P.0N0ss9',
    '$2a$05$abcdefghijklmnopqrstuuad3.krXy3.NdcbDs0drrGtB4QaEYXzC',
    '$2b$05$CCCCCCCCCCCCCCCCCCCCC.5AkAgXxu0w9f4SA2WEq61Tsja9UJRfG',
    '$2y$04$abcdefghijklmnopqrstuuclfgSBvJ6CNMDTLw8io.6PwqED.y4NW',
    '$7$66..../....Z8iTrHVnvpnrQYjhQbSTV1$EqmttTGjocpnSaDcNlYtWrD7JpR57eI5qerfsE75gL7',
    '$7$5/..../....a.b$MF8HcVDmhNn5f9FZL/iKInFmEQTUx2R233IoK8CJCI.',
  ]) {
    assert.deepEqual(judge(['ann', hash]), ['trivial'], hash);
    const last = hash.endsWith('z') ? 'y' : 'z';
    assert.deepEqual(judge(['ann', `${hash.slice(0, -1)}${last}`]), ['other'], hash);
  }
});

test('hashes of other kinds and hashes that cost too much are not tried, and it is told', () => {
  const reasons = judge(
    ['a', '$gy$j9T$abcdefgh$CiTibHdBM/5r3qmg1i0DxivDn1U977EDVDgQAyycj9/'],
    ['b', `$6$rounds=999999999$xyz$${'a'.repeat(86)}`],
    ['c', `$y$jGT$abcdefgh$${'a'.repeat(43)}`],
    ['d', `$2b$31$${'a'.repeat(53)}`],
    ['e', `$7$M6..../....salt$${'a'.repeat(43)}`],
    ['f', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA'],
    ['g', 'ab01fXKqNzYtk'],
    ['h', '$y$$$'],
    ['i', `$y$j9T$zzz$${'a'.repeat(43)}`],
    ['j', `$y$jzzzzzzzzzzzz$$${'a'.repeat(43)}`],
    ['k', `$7$zzzzzzzzzzz$${'a'.repeat(43)}`],
  );
  assert.equal(reasons.join(' '), 'kind cost cost cost cost kind kind kind kind cost cost');
});

test('of more hashes than there is time for the cheapest are tried first, and the rest is told', () => {
  const dear = Array.from({ length: 30 }, (_, i) => ({
    name: `dear${i}`,
    hash: `$6$rounds=20000$x$${'a'.repeat(86)}`,
  }));
  const cheap = ['$1$saltstri$QTO6JC6Q8mH9rFmjXsvtT.', `$1$saltstri$${'a'.repeat(22)}`];
  const judged = judgePasswords([...dear, ...cheap.map((hash) => ({ name: 'ann', hash }))], 100);
  assert.deepEqual(judged.slice(-2), ['trivial', 'other']);
  assert.ok(judged.slice(0, -2).every((one) => one === 'time'));
});

test('the settings that distributions have are tried within the time', () => {
  const ann = '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$0lsjG6Sc8G/G6S.f.ZnA6KI/T5VDff7cu9ylcJmBNnA';
  assert.deepEqual(judge(['ann', ann]), ['trivial']);
});

test('a name as long as a file is no work', () => {
  assert.deepEqual(judge(['n'.repeat(2 ** 20), `$6$x$${'a'.repeat(86)}`]), ['other']);
});
