// What of a settings file is taken, and what of it is told.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import type { OptionValues } from '../../command.ts';
import { decisionsOf } from './decisions.ts';

const read = (options: OptionValues) =>
  decisionsOf({
    positionals: [],
    options,
    logger: silentLogger,
    out: () => {},
    styled: () => {},
    err: () => {},
    isTty: false,
    signal: new AbortController().signal,
  });

test('a misspelt section of the settings is told; the others are taken', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'gc-decisions-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'settings.yaml');
  await writeFile(config, 'ignore:\n  - { id: CVE-2030-1, reason: no }\nlicences:\n  deny: [MIT]\n');
  const { decisions, problems } = await read({ config });
  assert.equal(decisions.rules.length, 1);
  assert.deepEqual(
    problems.map(({ code, message, at }) => [code, message, at]),
    [['GC_SETTINGS_KEY', "unknown key 'licences'", config]],
  );
});

test('a list of ids as other scanners take it is refused, an empty file is not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'gc-decisions-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, '.trivyignore');
  await writeFile(file, '# accepted\nCVE-2030-1\nCVE-2030-2\n');
  await assert.rejects(read({ 'ignore-file': file }), { code: 'GC_USAGE', at: file });
  await writeFile(file, '# nothing yet\n');
  assert.deepEqual((await read({ 'ignore-file': file })).decisions.rules, []);
});
