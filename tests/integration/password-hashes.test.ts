// Hashes of passwords are computed as this machine's crypt(3) computes them, and tried from the command line on.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { trialOf } from '../../packages/scan/src/passwords/hash-schemes.ts';
import { type HashRequest, libcryptHashes } from '../support/libcrypt.ts';
import { guardcell } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-passwords-'));
const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** A number of yescrypt's text, of one letter or two. */
function number(value: number, least: number): string {
  const rest = value - least;
  if (rest < 48) return LETTERS[rest] ?? '';
  const above = rest - 48;
  assert.ok(above < 8 * 64, 'two letters hold it');
  return `${LETTERS[48 + (above >> 6)]}${LETTERS[above & 63]}`;
}

interface Parameters {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
  readonly t: number;
}

function yescryptSetting({ logN, r, p, t }: Parameters, salt: string): string {
  const have = (p > 1 ? 1 : 0) + (t > 0 ? 2 : 0);
  const more = have === 0 ? '' : number(have, 1) + (p > 1 ? number(p, 2) : '') + (t > 0 ? number(t, 1) : '');
  return `$y$j${number(logN, 1)}${number(r, 1)}${more}$${salt}$`;
}

const fixed = (value: number): string =>
  Array.from({ length: 5 }, (_, i) => LETTERS[Math.floor(value / 64 ** i) & 63] ?? '').join('');

const WORDS = ['', 'x', 'password', 'Grüße und 密码', 'a b$c:d', 'long '.repeat(40), `${'z'.repeat(72)}tail`];
const SALTS = ['', 'abcdefgh', '41', 'abcdefghijklmnopqrstu/', 'zzD', 'zzzz', 'zzz'];

/** Of every shape, most of them small. */
function yescryptRequests(): HashRequest[] {
  const requests: HashRequest[] = [];
  for (const logN of [2, 3, 5, 8, 10, 12])
    for (const r of [1, 2, 8, 32, 60, 200])
      for (const p of [1, 2, 3, 5, 11])
        for (const t of [0, 1, 2, 3, 7]) {
          if (2 ** logN * r * (t + 1) > 2 ** 13) continue;
          const at = requests.length;
          requests.push([
            WORDS[at % WORDS.length] ?? '',
            yescryptSetting({ logN, r, p, t }, SALTS[at % SALTS.length] ?? ''),
          ]);
        }
  // As distributions have it: large enough that the password is hashed with less memory first; and in two lanes.
  requests.push(
    ['secret', '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$'],
    ['admin', yescryptSetting({ logN: 12, r: 64, p: 2, t: 0 }, 'abcdefgh')],
  );
  return requests;
}

const OTHERS: readonly string[] = [
  ...[1, 3, 5, 8].flatMap((logN) =>
    [1, 3, 8].flatMap((r) =>
      [1, 2, 3].map((p) => `$7$${LETTERS[logN] ?? ''}${fixed(r)}${fixed(p)}salt.of/9$`),
    ),
  ),
  // As crypt_gensalt makes it.
  '$7$CU..../....Z8iTrHVnvpnrQYjhQbSTV1$',
  ...['2a', '2b', '2y'].flatMap((kind) =>
    ['04', '05', '06'].map((cost) => `$${kind}$${cost}$abcdefghijklmnopqrstuu`),
  ),
  '$1$$',
  '$1$saltsalt$',
  '$5$$',
  '$5$rounds=1000$a$',
  '$6$$',
  '$6$abcdefghijklmnop$',
  '$6$rounds=1001$b$',
];

function hashOf(word: string, kept: string): string | undefined {
  const trial = trialOf(kept);
  return typeof trial === 'string' ? undefined : trial.hashOf(word, new Int32Array(trial.words).fill(-1));
}

/** How many agree; hashes that crypt(3) refuses to make are none here either. */
async function agreeing(context: TestContext, requests: readonly HashRequest[]): Promise<number> {
  const made = await libcryptHashes(requests);
  if (made === undefined) {
    context.skip('perl is not installed');
    return 0;
  }
  let agreed = 0;
  for (const [i, [word, setting]] of requests.entries()) {
    const kept: string = made[i] ?? '';
    if (kept === '' || kept.startsWith('*')) {
      const like = `${setting}${'a'.repeat(43)}`;
      assert.equal(hashOf(word, like), undefined, `${setting} is refused`);
      continue;
    }
    assert.equal(hashOf(word, kept), kept, setting);
    if (i % 4 === 0)
      assert.notEqual(hashOf(`${word.slice(0, 8)}1`, kept), kept, `${setting} of another word`);
    agreed++;
  }
  return agreed;
}

test('yescrypt with all shapes of parameters gives the hashes of crypt(3)', async (context) => {
  const requests = yescryptRequests();
  const agreed = await agreeing(context, requests);
  context.diagnostic(`${agreed} of ${requests.length} hashes`);
  if (agreed > 0) assert.ok(agreed > 200);
});

test('scrypt, bcrypt and digests taken many times give the hashes of crypt(3)', async (context) => {
  const requests = OTHERS.flatMap((setting) => WORDS.map((word): HashRequest => [word, setting]));
  const agreed = await agreeing(context, requests);
  context.diagnostic(`${agreed} of ${requests.length} hashes`);
  if (agreed > 0) assert.ok(agreed > 200);
});

function shadow(root: string, lines: readonly string[]): void {
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/os-release'), 'ID=debian\nVERSION_ID="13"\n');
  const text = lines.map((line) => `${line}:19700:0:99999:7:::\n`);
  writeFileSync(join(root, 'etc/shadow'), text.join(''), { mode: 0o600 });
}

test('trivial passwords of a system are found by the command line, and what was not tried is told in both languages', async (context) => {
  const made = await libcryptHashes([
    ['admin', '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$'],
    ['ann', '$2b$10$abcdefghijklmnopqrstuu'],
    ['correct horse battery staple', '$y$j75$F5Jx5fExrKuPp53xLKQ..1$'],
    ['raspberry', '$7$66..../....Z8iTrHVnvpnrQYjhQbSTV1$'],
  ]);
  if (made === undefined || made.some((hash) => !hash.startsWith('$')))
    return context.skip('crypt(3) of this machine makes no such hashes');
  const [yescrypt = '', bcrypt = '', strong = '', scrypt = ''] = made;
  shadow(FOLDER, [
    'root:*',
    `bob:${yescrypt}`,
    `ann:${bcrypt}`,
    `eve:${strong}`,
    `pi:${scrypt}`,
    `off:!${yescrypt}`,
    'streebog:$gy$j9T$abcdefgh$CiTibHdBM/5r3qmg1i0DxivDn1U977EDVDgQAyycj9/',
    `large:$y$jGT$abcdefgh$${'a'.repeat(43)}`,
  ]);
  const words = ['scan', 'fs', FOLDER, '--only', 'misconfig', '-o', 'json'];
  const { code, stdout } = await guardcell(words);
  assert.equal(code, 0);
  const report = JSON.parse(stdout) as ScanReport;
  const trivial = report.misconfigurations.filter(({ check }) => check === 'GC-ACCOUNT-006');
  assert.deepEqual(
    trivial.map(({ startLine, path }) => `${path}:${startLine}`),
    ['/etc/shadow:2', '/etc/shadow:3', '/etc/shadow:5'],
  );
  assert.deepEqual(
    report.errors
      .filter((one) => one.code === 'GC_PASSWORDS_UNTRIED')
      .map(({ code, level, message }) => `${code} ${level} ${message}`)
      .sort()
      .toReversed(),
    [
      'GC_PASSWORDS_UNTRIED note usual passwords were not all tried for 1 accounts, their hashes are of kinds that are not known here: streebog',
      'GC_PASSWORDS_UNTRIED note usual passwords were not all tried for 1 accounts, a try would take too much memory or time: large',
    ],
  );
  for (const secret of [strong.slice(-43), yescrypt.slice(-43), bcrypt.slice(-31)])
    assert.ok(!stdout.includes(secret));
  const chinese = await guardcell([...words, '--lang', 'zh-CN']);
  assert.match(chinese.stdout, /1 个账户未尝试[^"]*，其散列的种类未知：streebog/);
});
