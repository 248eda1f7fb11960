// Licence policies and --fail-on through the command line.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const CLI = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
const FOLDER = mkdtempSync(join(tmpdir(), 'gc-policies-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

const LOCK = {
  lockfileVersion: 3,
  packages: {
    'node_modules/ours': { version: '1.0.0', license: 'GPL-3.0-only' },
    'node_modules/choice': { version: '1.0.0', license: '(MIT OR GPL-3.0-only)' },
    'node_modules/plain': { version: '1.0.0', license: 'MIT' },
  },
};
writeFileSync(join(FOLDER, 'package-lock.json'), JSON.stringify(LOCK));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function scan(...words: readonly string[]): Promise<Outcome> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    CLI,
    'scan',
    'fs',
    '.',
    '--only',
    'licenses',
    ...words,
  ];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: FOLDER, timeout: 60_000 }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

function settings(text: string, name = '.guardcell.yaml'): void {
  writeFileSync(join(FOLDER, name), text);
}

test('denied licences fail a build that says so, and exceptions with a reason let it pass until they end', async () => {
  settings('licenses: { allow: [MIT], deny: [copyleft] }\n');
  const denied = await scan('--fail-on', 'denied-license');
  assert.equal(denied.code, 1, denied.stderr);
  assert.match(denied.stdout, /denied +ours 1\.0\.0 \(npm\) +copyleft +GPL-3\.0-only/);
  assert.doesNotMatch(denied.stdout, /choice|plain/);
  assert.equal((await scan('--fail-on', 'high')).code, 0);
  assert.equal((await scan()).code, 0);
  const exception = (until: string): string =>
    `licenses:\n  deny: [copyleft]\n  exceptions:\n    - package: pkg:npm/ours@*\n      reason: own work\n      until: ${until}\n`;
  settings(exception('2999-01-01'));
  const excepted = await scan('--fail-on', 'critical,denied-license');
  assert.equal(excepted.code, 0, excepted.stdout);
  assert.match(excepted.stdout, /Suppressed \(1\)[^]*own work/);
  settings(exception('2001-01-01'));
  const ended = await scan('--fail-on', 'denied-license');
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /Notes \(1\)\n +GC_LICENSE_EXCEPTION_EXPIRED/);
});

test('--license-policy is read in place of the settings; what is wrong in it is told', async () => {
  settings('licenses: { deny: [MIT] }\n');
  settings('deny: [GPL-*]\n', 'policy.yaml');
  const own = await scan('--license-policy', 'policy.yaml', '--fail-on', 'denied-license');
  assert.equal(own.code, 1);
  assert.doesNotMatch(own.stdout, /plain/);
  settings('denied: [MIT]\n', 'policy.yaml');
  const wrong = await scan('--license-policy', 'policy.yaml');
  assert.equal(wrong.code, 6);
  assert.match(
    wrong.stdout,
    /Not looked at \(1\)\n +GC_LICENSE_POLICY policy\.yaml: licenses: unknown key 'denied'/,
  );
  assert.equal((await scan('--fail-on', 'hihg')).code, 2);
  assert.equal((await scan('--fail-on', 'low,high')).code, 2);
});
