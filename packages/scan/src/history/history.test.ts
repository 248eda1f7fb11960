// Secrets of history in real repositories: planted, removed, renamed, merged; and repositories that want to do harm.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { ScanReport, SecretFinding } from '@guardcell/core';
import { scanTarget } from '../scan.ts';
import type { ScanTarget } from '../scan-target.ts';
import { SETTINGS, SKIP_WITHOUT_GIT, secretLine, withRepository } from './testing/real-repository.ts';

const skip = SKIP_WITHOUT_GIT;

function scan(
  path: string,
  rest: Omit<Extract<ScanTarget, { kind: 'repository' }>, 'kind' | 'path'> = {},
): Promise<ScanReport> {
  return scanTarget(
    { kind: 'repository', path, ...rest },
    { only: new Set(['secrets']), secretSettings: SETTINGS },
  );
}

function facts({ secrets }: ScanReport): unknown[] {
  return secrets
    .map(({ path, line, commit, removed }: SecretFinding) => [path, line, commit, removed])
    .toSorted((a, b) => String(a).localeCompare(String(b)));
}

test('secrets are found once, with the commit that brought them and whether they are still there', {
  skip,
}, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    write('kept.env', secretLine('kept'));
    write('gone.env', `# first\n${secretLine('gone')}`);
    const first = commit('first');
    git('mv', 'gone.env', 'renamed.env');
    commit('rename');
    git('rm', '-q', 'renamed.env');
    commit('remove');
    git('checkout', '-q', '-b', 'side');
    write('side.env', secretLine('side'));
    const side = commit('side');
    git('rm', '-q', 'side.env');
    commit('side is clean');
    git('checkout', '-q', 'main');
    write('main.txt', 'main');
    commit('main goes on');
    git('merge', '-q', '--no-commit', '--no-ff', 'side');
    write('merge.env', secretLine('evil merge'));
    const merge = commit('merge');
    git('rm', '-q', 'merge.env');
    commit('clean again');
    write('fresh.env', secretLine('not committed'));
    const report = await scan(folder);
    assert.deepEqual(facts(report), [
      ['/fresh.env', 1, undefined, undefined],
      ['/gone.env', 2, first, true],
      ['/kept.env', 1, first, undefined],
      ['/merge.env', 1, merge, true],
      ['/side.env', 1, side, true],
    ]);
    assert.equal(
      report.secrets.find(({ path }) => path === '/gone.env')?.commitDate,
      '2026-01-01T00:00:00+00:00',
    );
    assert.deepEqual(report.errors, []);
    assert.ok(!JSON.stringify(report).includes(secretLine('gone').trim().slice(-20)));
    assert.equal((await scan(folder, { history: false })).secrets.length, 2);
  });
});

test('commits can be chosen by date, number and branch', { skip }, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    for (const name of ['a', 'b', 'c']) {
      write('x.env', secretLine(name));
      commit(name);
    }
    git('branch', 'old', 'HEAD~1');
    write('x.env', 'clean');
    commit('clean');
    const removed = async (history: object): Promise<number> =>
      (await scan(folder, { history })).secrets.length;
    assert.equal(await removed({}), 3);
    assert.equal(await removed({ since: '2026-01-03T00:00:00Z' }), 1);
    assert.equal(await removed({ maxCommits: 3 }), 2);
    assert.equal(await removed({ branch: 'old' }), 2);
    const wrong = await scan(folder, { history: { branch: '--output=/tmp/x' } });
    assert.deepEqual(
      wrong.errors.map(({ code }) => code),
      ['GC_HISTORY_GIT'],
    );
  });
});

test('a folder within a repository tells its own part of history', { skip }, async () => {
  await withRepository(async ({ folder, write, commit }) => {
    write('a/x.env', secretLine('a'));
    write('b/x.env', secretLine('b'));
    const id = commit('both');
    write('a/x.env', '');
    write('b/x.env', '');
    commit('clean');
    assert.deepEqual(facts(await scan(join(folder, 'a'))), [['/x.env', 1, id, true]]);
  });
});

test('a bare repository is scanned', { skip }, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    write('x.env', secretLine('a'));
    const id = commit('a');
    git('clone', '-q', '--bare', '.', 'bare.git');
    assert.deepEqual(facts(await scan(join(folder, 'bare.git'))), [['/x.env', 1, id, true]]);
  });
});

test('staged: only what the next commit would bring', { skip }, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    write('first.env', secretLine('first'));
    git('add', '-A');
    assert.deepEqual(facts(await scan(folder, { staged: true })), [['/first.env', 1, undefined, undefined]]);
    commit('first');
    assert.deepEqual(facts(await scan(folder, { staged: true })), []);
    write('first.env', `# moved down\n${secretLine('first')}${secretLine('second')}`);
    write('new.env', secretLine('third'));
    write('not-staged.env', secretLine('fourth'));
    git('add', 'first.env', 'new.env');
    assert.deepEqual(facts(await scan(folder, { staged: true })), [
      ['/first.env', 3, undefined, undefined],
      ['/new.env', 1, undefined, undefined],
    ]);
  });
});

test('a repository that wants to run something runs nothing', { skip }, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    const mark = join(folder, 'MARK');
    const evil = join(folder, '.git', 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho "$@" >> '${mark}'\n`, { mode: 0o755 });
    for (const hook of [
      'post-index-change',
      'reference-transaction',
      'post-checkout',
      'fsmonitor-watchman',
    ]) {
      writeFileSync(join(folder, '.git', 'hooks', hook), `#!/bin/sh\necho ${hook} >> '${mark}'\n`, {
        mode: 0o755,
      });
    }
    write('.gitattributes', '* diff=evil filter=evil merge=evil\n');
    write('x.env', secretLine('a'));
    const id = commit('a');
    write('x.env', 'clean');
    commit('clean');
    rmSync(mark, { force: true });
    for (const [name, value] of [
      ['core.fsmonitor', evil],
      ['core.hooksPath', join(folder, '.git', 'hooks')],
      ['core.pager', evil],
      ['core.sshCommand', evil],
      ['core.gitProxy', evil],
      ['core.alternateRefsCommand', evil],
      ['pager.log', evil],
      ['diff.external', evil],
      ['diff.evil.textconv', evil],
      ['diff.evil.command', evil],
      ['filter.evil.clean', evil],
      ['filter.evil.smudge', evil],
      ['filter.evil.process', evil],
      ['log.showSignature', 'true'],
      ['gpg.program', evil],
      ['credential.helper', evil],
      ['alias.log', `!${evil}`],
      ['alias.cat-file', `!${evil}`],
      ['remote.origin.url', `ext::${evil} %S`],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.partialclonefilter', 'blob:none'],
      ['extensions.partialClone', 'origin'],
    ] as const) {
      git('config', name, value);
    }
    git('config', 'core.repositoryFormatVersion', '1');
    write('x.env', secretLine('later'));
    execFileSync(
      'git',
      [
        '-c',
        'core.fsmonitor=false',
        '-c',
        'filter.evil.clean=',
        '-c',
        'filter.evil.process=',
        '-c',
        'core.hooksPath=/dev/null',
        'add',
        'x.env',
      ],
      { cwd: folder },
    );
    rmSync(mark, { force: true });
    assert.equal((await scan(folder, { staged: true })).secrets.length, 1);
    const report = await scan(folder);
    assert.ok(report.secrets.some(({ commit }) => commit === id));
    assert.equal(existsSync(mark), false);
    // The repository is as harmful as it should be: git on its own does run what it names.
    spawnSync('git', ['log', '-p', '--textconv'], { cwd: folder });
    assert.equal(existsSync(mark), true);
  });
});

test('without git a history is a gap, its absence a note, and the files are scanned', { skip }, async () => {
  await withRepository(({ folder, write, commit }) => {
    write('x.env', secretLine('a'));
    commit('a');
    const module = new URL('../scan.ts', import.meta.url).href;
    const program = `const { scanTarget } = await import(${JSON.stringify(module)});
      const report = await scanTarget({ kind: 'repository', path: process.argv[1] }, { only: new Set(['secrets']) });
      console.log(JSON.stringify([report.artifact.size, report.errors]));`;
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program, folder];
    const output = execFileSync(process.execPath, args, { env: { PATH: '/nowhere' }, encoding: 'utf8' });
    const [size, errors] = JSON.parse(output) as [number, ScanReport['errors']];
    assert.ok(size > 0);
    assert.deepEqual(
      errors.map(({ code, level }) => [code, level ?? null]),
      [['GC_GIT_MISSING', null]],
    );
    rmSync(join(folder, '.git'), { recursive: true });
    const bare = execFileSync(process.execPath, args, { env: { PATH: '/nowhere' }, encoding: 'utf8' });
    const [, notes] = JSON.parse(bare) as [number, ScanReport['errors']];
    assert.deepEqual(
      notes.map(({ code, level }) => [code, level]),
      [['GC_GIT_MISSING', 'note']],
    );
  });
});

test('contents that are missing are counted, the others are found', { skip }, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    write('x.env', secretLine('a'));
    write('y.env', secretLine('b'));
    commit('both');
    const lost = git('rev-parse', 'HEAD:y.env').trim();
    write('x.env', '');
    write('y.env', '');
    commit('clean');
    rmSync(join(folder, '.git', 'objects', lost.slice(0, 2), lost.slice(2)));
    const report = await scan(folder);
    assert.deepEqual(
      report.secrets.map(({ path }) => path),
      ['/x.env'],
    );
    assert.deepEqual(
      report.errors.map(({ code }) => code),
      ['GC_HISTORY_OBJECTS'],
    );
  });
});

test('a commit that is missing ends history with a word about it', { skip }, async () => {
  await withRepository(async ({ folder, write, commit }) => {
    write('x.env', secretLine('a'));
    const lost = commit('a');
    write('x.env', secretLine('b'));
    commit('b');
    rmSync(join(folder, '.git', 'objects', lost.slice(0, 2), lost.slice(2)));
    const report = await scan(folder);
    assert.equal(report.secrets.length, 1);
    assert.deepEqual(
      report.errors.map(({ code }) => code),
      ['GC_HISTORY_GIT'],
    );
    assert.match(report.errors[0]?.message ?? '', /: (?:fatal|error): /);
  });
});

test('strange names, links, submodules, large and binary contents do no harm', { skip }, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    write('line\nbreak.env', secretLine('break'));
    write(':100644 100644 0 0 M.env', secretLine('colon'));
    write('-dash "quote\' \u001b[31m.env', secretLine('dash'));
    write('large.txt', Buffer.alloc(11 * 2 ** 20, 97));
    write('binary.dat', Buffer.concat([Buffer.alloc(100), Buffer.from(secretLine('binary'))]));
    symlinkSync('/etc/passwd', join(folder, 'link.env'));
    const inner = commit('all');
    git('update-index', '--add', '--cacheinfo', `160000,${inner},module`);
    git('commit', '-q', '-m', 'submodule');
    for (const name of readdirSync(folder))
      if (name !== '.git') rmSync(join(folder, name), { recursive: true });
    commit('clean');
    const report = await scan(folder);
    assert.deepEqual(report.secrets.map(({ path }) => path).sort(), [
      '/-dash "quote\' \u001b[31m.env',
      '/:100644 100644 0 0 M.env',
      '/line\nbreak.env',
    ]);
    assert.deepEqual(
      report.errors.map(({ code, level }) => [code, level]),
      [['GC_HISTORY_LARGE_FILES', 'note']],
    );
  });
});

test('borrowed objects and cut histories are told', { skip }, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    write('x.env', secretLine('a'));
    commit('a');
    write('x.env', '');
    commit('clean');
    git('clone', '-q', '--shared', '.', 'shared');
    git('clone', '-q', '--depth', '1', `file://${folder}`, 'shallow');
    const codes = async (name: string): Promise<string[]> =>
      (await scan(join(folder, name))).errors.map(({ code }) => code);
    assert.deepEqual(await codes('shared'), ['GC_HISTORY_ALTERNATES']);
    assert.deepEqual(await codes('shallow'), ['GC_HISTORY_SHALLOW']);
  });
});

test('a folder of no repository is scanned with a note, and staged changes of none are an error', {
  skip,
}, async () => {
  await withRepository(async ({ folder, write }) => {
    rmSync(join(folder, '.git'), { recursive: true });
    write('x.env', secretLine('a'));
    const report = await scan(folder);
    assert.equal(report.secrets.length, 1);
    assert.deepEqual(
      report.errors.map(({ code, level }) => [code, level]),
      [['GC_HISTORY_NONE', 'note']],
    );
    await assert.rejects(scan(folder, { staged: true }), { code: 'GC_HISTORY_NONE' });
  });
});

test('an allowance for a path speaks of history too', { skip }, async () => {
  await withRepository(async ({ folder, write, commit }) => {
    write('x.env', `${secretLine('a').trim()} # guardcell:allow\n`);
    commit('a');
    write('x.env', '');
    commit('clean');
    const [finding] = (await scan(folder)).secrets;
    assert.equal(finding?.suppressed?.by, 'comment');
    assert.equal(finding?.removed, true);
  });
});
