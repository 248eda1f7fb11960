// Rules and allowances of users: what they do, and where their mistakes are reported.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readSecretSettings } from './read-settings.ts';
import { createSecretScanner, scanText } from './scan-text.ts';

const FILE = `vulnerabilities: {}
secrets:
  rules:
    - id: acme-token
      title: Acme token
      severity: critical
      keywords: [acme_]
      pattern: 'acme_([0-9a-f]{16})'
      minEntropy: 2
  allow:
    - reason: Rotated
      paths: ['deploy/**/*.env']
      rules: [acme-token]
      until: 2027-01-31
  disable: [jwt]
`;
const line = `KEY=acme_${'9f3c'}${'71b2'}${'d8e0'}${'46a5'}\n`;

test('a rule of the user finds its group and masks it', () => {
  const { settings, problems } = readSecretSettings('.guardcell.yaml', FILE);
  assert.deepEqual(problems, []);
  const [finding] = scanText('a.txt', line, { scanner: createSecretScanner(settings) });
  assert.equal(finding?.rule, 'acme-token');
  assert.equal(finding?.severity, 'critical');
  assert.equal(finding?.excerpt, 'KEY=acme_9f****');
});

test('an allowance silences by path until its day, and the finding stays visible', () => {
  const scanner = createSecretScanner(readSecretSettings('.guardcell.yaml', FILE).settings);
  const at = (path: string, today: string): unknown =>
    scanText(path, line, { scanner, today })[0]?.suppressed;
  assert.deepEqual(at('deploy/a/b.env', '2026-12-01'), {
    by: 'allow rule',
    reason: 'Rotated',
    until: '2027-01-31',
  });
  assert.equal(at('deploy/a/b.env', '2027-02-01'), undefined);
  assert.equal(at('other/b.env', '2026-12-01'), undefined);
});

test('mistakes are reported with line and column, and the other entries count', () => {
  const bad = FILE.replace('([0-9a-f]{16})', '(?=x)').replace('disable: [jwt]', 'disable: [jwt, nothing]');
  const { settings, problems } = readSecretSettings('.guardcell.yaml', bad);
  assert.deepEqual(
    problems.map(({ line, column }) => [line, column]),
    [
      [8, 16],
      [15, 18],
    ],
  );
  assert.equal(settings.rules.length, 0);
  assert.equal(settings.allow.length, 1);
  assert.deepEqual([...settings.disabled], ['jwt']);
});

test('an allowance that would silence everything, or whose condition is broken, is refused', () => {
  const all = 'secrets:\n  allow:\n    - reason: x\n';
  assert.equal(readSecretSettings('f', all).settings.allow.length, 0);
  const broken = 'secrets:\n  allow:\n    - {reason: x, rules: [jwt], values: ["("]}\n';
  assert.equal(readSecretSettings('f', broken).settings.allow.length, 0);
  assert.equal(readSecretSettings('f', broken).problems.length, 1);
});

test('no text makes it throw', () => {
  const word = fc.constantFrom(
    'secrets:',
    '\n',
    '  ',
    '- ',
    'rules:',
    'allow:',
    'id: a',
    'pattern: (',
    '[',
    '{',
    '&a',
    '*a',
    'x: 1',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, (content) => {
      for (const problem of readSecretSettings('f', content).problems) assert.ok(problem.line >= 1);
    }),
    { numRuns: 300, seed: 5 },
  );
});
