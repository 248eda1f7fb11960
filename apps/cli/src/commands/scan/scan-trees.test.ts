// Calls of `scan fs` and `scan repo` that mean something else: what is said instead of a scan.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError, silentLogger } from '@guardcell/kit';
import type { Command } from '../../command.ts';
import { scanFs, scanRepo } from './scan-trees.ts';

/** Of the error that the command ends with before it reads anything. */
async function refused(command: Command, ...positionals: readonly string[]): Promise<CodedError> {
  try {
    await command.run({
      positionals,
      options: { only: 'secrets', lang: 'en' },
      logger: silentLogger,
      out: () => assert.fail('a report'),
      styled: () => assert.fail('a report'),
      err: () => {},
      isTty: false,
      signal: new AbortController().signal,
    });
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  return assert.fail('it was taken');
}

test('the address of a repository is refused with how to get it, whatever its scheme', async () => {
  for (const address of [
    'https://git.example.com/team/app.git',
    'http://git.example.com/team/app',
    'ssh://git@git.example.com/team/app',
    'git://git.example.com/team/app',
    'git@git.example.com:team/app.git',
  ]) {
    const { code, at, hint } = await refused(scanRepo, address);
    assert.deepEqual([code, at], ['GC_USAGE', address]);
    assert.match(hint, /^Clone it first: git clone ADDRESS DIR, then guardcell scan repo DIR\.$/);
  }
  // Folders may be called so.
  for (const folder of ['https', 'git', './git@host', 'git.example.com/app'])
    assert.equal((await refused(scanRepo, folder)).code, 'GC_TARGET_NOT_FOUND', folder);
});

test('a file given as a folder is refused with what scans it', async () => {
  for (const command of [scanFs, scanRepo]) {
    const { code, at, hint } = await refused(command, import.meta.filename);
    assert.deepEqual([code, at], ['GC_USAGE', import.meta.filename]);
    for (const meant of ['docker-archive:FILE', 'oci-archive:FILE', 'scan sbom FILE', 'the folder'])
      assert.ok(hint.includes(meant), hint);
  }
});

test('one name is needed, and an empty one is not the folder that the command runs in', async () => {
  for (const [words, message] of [
    [[], 'name one folder'],
    [['a', 'b'], 'name one folder'],
    [[''], 'the name of the folder is empty'],
  ] as const) {
    const error = await refused(scanFs, ...words);
    assert.deepEqual([error.code, error.message], ['GC_USAGE', message]);
    assert.match(error.hint, /guardcell scan --help/);
  }
});
