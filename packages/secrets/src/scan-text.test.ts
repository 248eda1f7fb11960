// Scanning as a whole: lines, masks, suppression, bounds, and texts made to break it.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { BUILT_IN_RULES } from './rules/registry.ts';
import { scanContent, scanText } from './scan-text.ts';
import { positiveOf } from './testing/synthesise.ts';

function sample(id: string, seed = 7): { readonly text: string; readonly secret: string } {
  const rule = BUILT_IN_RULES.find((candidate) => candidate.id === id);
  assert.ok(rule, id);
  return positiveOf(rule, seed);
}

test('a finding names rule, line and severity and shows the line without the secret', () => {
  const { secret } = sample('github-pat');
  const [finding] = scanText('srv/deploy.sh', `set -e\n\nexport GH=${secret} # deploy\n`);
  assert.ok(finding);
  assert.equal(finding.rule, 'github-pat');
  assert.equal(finding.severity, 'critical');
  assert.equal(finding.line, 3);
  assert.equal(finding.excerpt, 'export GH=ghp_**** # deploy');
});

test('a token whose checksum is wrong is kept with low severity', () => {
  const { secret } = sample('github-pat');
  const broken = secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A');
  assert.equal(scanText('a.sh', `T=${broken}\n`)[0]?.severity, 'low');
});

test('two secrets on one line are both masked in both excerpts', () => {
  const one = sample('github-pat').secret;
  const two = sample('slack-app-token').secret;
  const findings = scanText('a.conf', `a=${one} b=${two}\n`);
  assert.deepEqual(findings.map((finding) => finding.rule).sort(), ['github-pat', 'slack-app-token']);
  for (const { excerpt } of findings) assert.ok(!excerpt.includes(one) && !excerpt.includes(two), excerpt);
});

test('a rule that knows the secret goes before the one that guesses from the name', () => {
  const { secret } = sample('sendgrid-key');
  const findings = scanText('a.env', `MAIL_TOKEN=${secret}\n`);
  assert.deepEqual(
    findings.map((finding) => finding.rule),
    ['sendgrid-key'],
  );
});

test('passwords without quotes count in settings and not in program text', () => {
  const line = `password = Tr0ub4dor${'&'}3x\n`;
  assert.equal(scanText('app.ini', line).length, 1);
  assert.equal(scanText('app.ts', line).length, 0);
  assert.equal(scanText('app.ts', `const password = "Tr0ub4dor${'&'}3x";\n`).length, 1);
});

test('references, templates and names of variables are no passwords', () => {
  for (const value of [
    `$${'{DB_PASSWORD}'}`,
    '{{ .Values.password }}',
    '<password>',
    'config.db.password',
    '!vault',
    'changeme',
  ]) {
    assert.deepEqual(scanText('a.yaml', `password: ${value}\n`), [], value);
  }
});

test('the value may stand in a `value` field beside the name', () => {
  const { secret } = sample('sendgrid-key');
  const value = secret.slice(3, 25).replace(/[^0-9A-Za-z]/g, 'q');
  const text = `env:\n- name: SHOP_API_KEY\n  value: "${value}9a"\n`;
  assert.equal(scanText('deploy.yaml', text)[0]?.rule, 'generic-api-key');
});

test('keys in material of tests are shown as suppressed, tokens of services are not', () => {
  const key = sample('private-key-rsa').text;
  assert.equal(scanText('src/testdata/key.pem', key)[0]?.suppressed?.by, 'built-in');
  assert.equal(scanText('etc/ssl/key.pem', key)[0]?.suppressed, undefined);
  assert.equal(scanText('src/testdata/a.sh', sample('npm-token').text)[0]?.suppressed, undefined);
});

test('a comment on the line accepts the secret and the finding stays visible', () => {
  const { secret } = sample('npm-token');
  assert.equal(scanText('a.sh', `T=${secret} # guardcell:allow\n`)[0]?.suppressed?.by, 'comment');
});

test('binary files are passed over, UTF-16 text is read', () => {
  const { text } = sample('npm-token');
  assert.equal(scanContent('a.bin', new TextEncoder().encode(`\0${text}`)).skipped, 'binary');
  const wide = new Uint8Array(2 + text.length * 2);
  wide.set([0xff, 0xfe]);
  for (let at = 0; at < text.length; at++) wide[2 + at * 2] = text.charCodeAt(at);
  assert.equal(scanContent('a.reg', wide).findings.length, 1);
});

test('what lies behind the size limit is said to be not looked at, and findings beyond theirs are counted', () => {
  const { text } = sample('npm-token');
  const long = scanContent('a.txt', `${'a '.repeat(500)}\n${text}`, { maxBytes: 900 });
  assert.equal(long.skipped, 'too-large');
  assert.equal(long.findings.length, 0);
  const many = scanContent('a.txt', text.repeat(10), { maxFindings: 4 });
  assert.equal(many.findings.length, 4);
  assert.equal(many.dropped, 6);
});

test('no text makes it throw, and no secret is ever in a finding', () => {
  const rule = fc.constantFrom(...BUILT_IN_RULES);
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\n', '"', ' = ', '://', '-----BEGIN '),
  );
  const part = fc.record({ rule, seed: fc.nat(1000), before: noise, after: noise });
  const property = fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
    const samples = parts.map((entry) => positiveOf(entry.rule, entry.seed));
    const text = parts.map((entry, at) => `${entry.before}${samples[at]?.text}${entry.after}`).join('');
    for (const finding of scanText('a.conf', text)) {
      assert.ok(finding.line >= 1);
      for (const { secret } of samples) {
        // Short secrets, such as passwords of four letters, can be part of the names around them.
        if (secret.length > 8) assert.ok(!finding.excerpt.includes(secret), finding.excerpt);
      }
    }
  });
  fc.assert(property, { numRuns: 100, seed: 4 });
});

test('the work grows with the size and no faster, on texts made of keywords', () => {
  const hostile = [
    'eyJ',
    'sk-',
    'password=',
    'https://a:',
    '-----BEGIN PRIVATE KEY-----\n',
    'AKIA',
    'token:"',
    'pat.',
  ];
  for (const piece of hostile) {
    const time = (bytes: number): number => {
      const text = piece.repeat(Math.ceil(bytes / piece.length));
      let best = Infinity;
      for (let round = 0; round < 3; round++) {
        const from = performance.now();
        scanText('a.conf', text);
        best = Math.min(best, performance.now() - from);
      }
      return best;
    };
    const small = time(20_000);
    const large = time(160_000);
    // Eight times the text: quadratic work would take 64 times as long.
    assert.ok(large < 30 * small + 40, `${piece}: ${small.toFixed(1)} ms, ${large.toFixed(1)} ms`);
  }
});

test('what a host full of programs holds is no secret: versions, words of documentation, encoded data', () => {
  const long = 'abc/AADDvUGw1jFWMawyLBCyUTJTQ4wHkAuQCKWsAACtrAAAAAAAAAAAABI7jAACQ4wAAauQAAGzkAAA';
  const zeros = `AAAAAAAAAAAAAAAAAAAA${'jAACQ4wAAauQAAGzk'.repeat(6)}`;
  const repeating = `EAAC${'HxAAAdMQAAHbEAAB4xAAAesQAAHz'.repeat(5)}`;
  for (const text of [
    '"@radix-ui/react-password-toggle-field": "1.1.17-rc.1762291353631"',
    '"react-password-x": "^4.2.0-beta.7"',
    "\"splituser('user[:passwd]@host[:port]') --> 'user[:passwd]', 'host[:port]'.\"",
    "const PASSWD = 'root:x:0:0:root:/root:/bin/sh';",
    "{ keywords: ['storePassword', 'keyPassword'], check: 'pass2word' }",
    "# splitpasswd('user:passwd') -> 'user', 'passwd'",
    'search("a.html#riscv32iimimaimcimacimafc-unknown","platform-support/riscv32.html#t1")',
    `{"name":"${zeros}"}`,
    `x = "${long}/${repeating}/x"`,
  ])
    assert.deepEqual(scanText('src/a.json', text), [], text);
  assert.deepEqual(scanText('m.properties', 'jmxremote.password.toHashes = true|false\n'), []);
});

test('a password that is handed over beside its name is found', () => {
  const secret = `Tr0ub4dor${'&'}3x`;
  for (const text of [
    `set("db_password", "${secret}")`,
    `{ 'password', '${secret}' }`,
    `auth(password="${secret}")`,
    `conf["password"] = "${secret}"`,
    `login("user", { password: "${secret}" })`,
    `setPassword('${secret}')`,
  ])
    assert.deepEqual(
      scanText('src/a.py', text).map(({ rule }) => rule),
      ['generic-password'],
      text,
    );
});

test('hashes of passwords are found in every form that crypt(3) writes', () => {
  for (const hash of [
    '$6$rounds=5000$usesomesillystri$KqJWpanXZHKq2BOB43TSaYhEWsQ1Lr5QNyPCDH/Tp.6',
    '$5$saltstri$CKfnJJOCG43rwSK9uuOQTYV5CXG968iPBgRDyxiou06',
    '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$6Ttv8PR0mzms/.RLVEgTO2JmLY0FDC7Cfd.UUAxsEO8',
    '$y$j750/.$$J36DpPM2o2JnoXH3MQmJDnID6PUuq0xRJb.WC/m.pj/',
    '$gy$j9T$abcdefgh$CiTibHdBM/5r3qmg1i0DxivDn1U977EDVDgQAyycj9/',
    '$7$66..../....Z8iTrHVnvpnrQYjhQbSTV1$EqmttTGjocpnSaDcNlYtWrD7JpR57eI5qerfsE75gL7',
  ]) {
    const [finding] = scanText('/etc/shadow', `ann:${hash}:19700:0:99999:7:::\n`);
    assert.equal(finding?.rule, 'password-hash-sha', hash);
    assert.ok(!finding.excerpt.includes(hash.slice(-20)), finding.excerpt);
  }
});

test('signing passwords of Android are found however Gradle takes them', () => {
  for (const text of ['storePassword "%"', "keyPassword = '%'", 'storePassword("%")', "keyPassword='%'"]) {
    const rules = scanText('app/build.gradle', text.replace('%', `Tr0ub4dor${'&'}3x`)).map(
      ({ rule }) => rule,
    );
    assert.deepEqual(rules, ['android-keystore-password'], text);
  }
});

test('documentation below any share folder is material of examples', () => {
  const [finding] = scanText('/opt/rust/share/doc/rust/html/print.html', `password: "Tr0ub4dor${'&'}3x",\n`);
  assert.equal(finding?.suppressed?.by, 'built-in');
});
