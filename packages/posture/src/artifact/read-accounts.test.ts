// Which kinds of hashes are told to be weak by themselves, whether or not their passwords were tried.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile } from '../check-file.ts';
import { readAccounts } from './read-accounts.ts';

const WEAK = ['GC-ACCOUNT-002', 'GC-ACCOUNT-003', 'GC-ACCOUNT-007'];

/** [what it is, the field, the check that says so] */
const HASHES: readonly (readonly [string, string, string | undefined])[] = [
  ['DES', 'ab01fXKqNzYtk', 'GC-ACCOUNT-002'],
  ['bigcrypt', `ab01fXKqNzYtk${'0'.repeat(11)}`, 'GC-ACCOUNT-002'],
  ['DES of BSDi', `_J9..${'a'.repeat(15)}`, 'GC-ACCOUNT-002'],
  ['MD5', '$1$salt$qJH7.N4xYta3aEG/dfqo/0', 'GC-ACCOUNT-003'],
  ['MD5 of Sun', '$md5,rounds=904$salt$$aaaaaaaaaaaaaaaaaaaaaa', 'GC-ACCOUNT-003'],
  ['NT', '$3$$8846f7eaee8fb117ad06bdd830b7586c', 'GC-ACCOUNT-007'],
  ['bcrypt', `$2b$10$${'a'.repeat(53)}`, undefined],
  ['SHA-256', '$5$salt$abc', undefined],
  ['SHA-512', '$6$salt$abc', undefined],
  ['yescrypt', '$y$j9T$salt$abc', undefined],
  ['gost-yescrypt', '$gy$j9T$salt$abc', undefined],
  ['Argon2', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA', undefined],
  ['locked', '!$1$salt$qJH7.N4xYta3aEG/dfqo/0', undefined],
];

for (const [kind, field, expected] of HASHES) {
  test(`a hash of the kind ${kind} is ${expected === undefined ? 'not ' : ''}told to be weak`, () => {
    const { findings } = checkFile('/etc/shadow', `ann:${field}:19700:0:99999:7:::\n`, { kind: 'accounts' });
    const weak = findings.map(({ check }) => check).filter((check) => WEAK.includes(check));
    assert.deepEqual(weak, expected === undefined ? [] : [expected]);
    assert.ok(!JSON.stringify(findings).includes(field.slice(4)));
  });
}

test('a text that is as long as a hash, and no hash, is of no known kind', () => {
  for (const field of ['ab01fXKqNzYtk0', 'ab01fXKqNzYt', `ab01fXKqNzYtk${'0'.repeat(400)}`])
    assert.equal(readAccounts(`ann:${field}:1::::::\n`)[0]?.password, 'other');
});
