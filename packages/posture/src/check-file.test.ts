// Files as they are: lines, kinds, lists, aliases, templates, broken and hostile texts.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { checkFile } from './check-file.ts';
import { detectKind } from './detect-kind.ts';

const idsOf = (path: string, text: string): string[] =>
  checkFile(path, text).findings.map((finding) => finding.check);

test('a finding has the lines of the instruction, continued lines and heredocs included', () => {
  const text =
    'FROM debian:12\n# comment\nRUN apt-get update \\\n  # inner\n  && curl https://a.example/i.sh \\\n  | sh\nUSER app\n';
  const found = checkFile('Dockerfile', text).findings.find((finding) => finding.check === 'GC-DOCKER-008');
  assert.deepEqual([found?.startLine, found?.endLine], [3, 6]);
  const heredoc = 'FROM debian:12\nRUN <<EOF\nset -e\nchmod 777 /srv\nEOF\nUSER app\n';
  const wide = checkFile('Dockerfile', heredoc).findings.find((finding) => finding.check === 'GC-DOCKER-015');
  assert.deepEqual([wide?.startLine, wide?.endLine], [2, 5]);
});

test('a stage that builds on an earlier one is no floating image, and only the last stage must have a user', () => {
  const text = 'FROM node:24.1 AS build\nUSER root\nFROM build\nUSER 1000\n';
  const ids = idsOf('Dockerfile', text);
  assert.ok(
    !ids.includes('GC-DOCKER-003') && !ids.includes('GC-DOCKER-001') && !ids.includes('GC-DOCKER-002'),
  );
});

test('every document and every item of a list is checked, with its own lines', () => {
  const pod = (name: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  hostPID: true\n  containers: []\n`;
  const text = `${pod('a')}---\napiVersion: v1\nkind: List\nitems:\n- ${pod('b').trim().replace(/\n/g, '\n  ')}\n`;
  const found = checkFile('a.yaml', text).findings.filter((finding) => finding.check === 'GC-K8S-002');
  assert.deepEqual(
    found.map((finding) => finding.startLine),
    [5, 15],
  );
});

test('init containers, templates of workloads and cron jobs are looked at', () => {
  const spec = '{initContainers: [{name: a, image: a, securityContext: {privileged: true}}]}';
  const cron = `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: ${spec}}}}}\n`;
  assert.ok(idsOf('a.yaml', cron).includes('GC-K8S-004'));
});

test('anchors and merge keys count as what they stand for', () => {
  const text = 'x-base: &base\n  privileged: true\nservices:\n  web:\n    <<: *base\n    image: a:1\n';
  assert.ok(idsOf('compose.yaml', text).includes('GC-COMPOSE-001'));
});

test('a broken document is a problem with its line, the others are checked', () => {
  const result = checkFile('a.yaml', 'apiVersion: v1\nkind: Pod\nspec: {hostPID: true}\n---\na: [b\n');
  assert.ok(result.findings.some((finding) => finding.check === 'GC-K8S-002'));
  assert.ok((result.problems[0]?.line ?? 0) >= 5);
});

test('a helm template is said to be not looked at', () => {
  const result = checkFile(
    'templates/a.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.name }}}\n',
  );
  assert.deepEqual(result.findings, []);
  assert.match(result.problems[0]?.message ?? '', /helm/);
});

test('kinds are told by name and content', () => {
  assert.equal(detectKind('a/Dockerfile.prod', ''), 'dockerfile');
  assert.equal(detectKind('a/Dockerfile.go', ''), 'dockerfile');
  assert.equal(detectKind('dockerfile', ''), 'dockerfile');
  assert.equal(detectKind('src/dockerfile.ts', ''), undefined);
  assert.equal(detectKind('src/jenkinsfile.test.ts', ''), undefined);
  assert.equal(detectKind('ci/Jenkinsfile.groovy', ''), 'jenkinsfile');
  assert.equal(detectKind('docker-compose.override.yml', ''), 'compose');
  assert.equal(detectKind('.github/workflows/a.yaml', ''), 'github-actions');
  assert.equal(detectKind('values.yaml', 'a: 1'), undefined);
  assert.equal(detectKind('a.json', '{"apiVersion": "v1", "kind": "Pod"}'), 'kubernetes');
});

test('no text makes it throw, whatever the kind', () => {
  const kinds = [
    'dockerfile',
    'kubernetes',
    'compose',
    'github-actions',
    'gitlab-ci',
    'jenkinsfile',
  ] as const;
  const word = fc.constantFrom(
    'FROM a',
    'RUN ',
    '<<EOF',
    '\\',
    '\n',
    '- ',
    'a: ',
    '&x ',
    '*x',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    'jobs:',
    'services:',
    'spec:',
    '  ',
    '---',
    '<<: ',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(fc.constantFrom(...kinds), text, (kind, source) => {
      for (const finding of checkFile('a', source, { kind }).findings)
        assert.ok(finding.endLine >= finding.startLine);
    }),
    { numRuns: 500, seed: 3 },
  );
});

test('an alias that holds itself many times over ends within bounds', () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
  );
  const started = performance.now();
  checkFile('compose.yaml', `a0: &a0 x\n${levels.join('\n')}\nservices: {}\n`);
  assert.ok(performance.now() - started < 5000);
});

test('long lines made for the patterns take time in proportion to their length', () => {
  for (const piece of ['curl ', 'apt-get install ', 'chmod 777', 'A_TOKEN="', 'wget -', 'echo $TOKEN ']) {
    const started = performance.now();
    checkFile('Dockerfile', `FROM a:1\nRUN ${piece.repeat(10_000)}\n`);
    checkFile('Jenkinsfile', piece.repeat(10_000));
    assert.ok(performance.now() - started < 3000, piece);
  }
});
