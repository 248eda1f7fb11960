// What a sensor may leave out is derived from the conditions, and never more than they allow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import { type RuleInterest, ruleInterest } from './interest.ts';

function interestOf(...conditions: readonly string[]): RuleInterest {
  const content = conditions
    .map(
      (condition, index) =>
        `- rule: r${index}\n  desc: d\n  condition: ${JSON.stringify(condition)}\n  output: o\n  priority: INFO\n`,
    )
    .join('');
  const loaded = loadRules([{ name: 'r.yaml', content }]);
  assert.deepEqual(
    loaded.problems.filter(({ level }) => level === 'error'),
    [],
  );
  return ruleInterest(loaded.rules);
}

function openPaths(condition: string): readonly string[] | 'all' {
  const { opens, allOpens } = interestOf(condition);
  return allOpens.length > 0 ? 'all' : [...opens.paths];
}

const READ = 'evt.type in (open, openat) and evt.is_open_read = true and';

test('paths that a rule demands become patterns', () => {
  assert.deepEqual(openPaths(`${READ} fd.name = /etc/shadow`), ['/etc/shadow']);
  assert.deepEqual(openPaths(`${READ} fd.name startswith /dev/sd`), ['/dev/sd*']);
  assert.deepEqual(openPaths(`${READ} fd.directory = /etc/zsh`), ['/etc/zsh', '/etc/zsh/**']);
  assert.deepEqual(openPaths(`${READ} fd.filename in (.bashrc, .zshrc)`), ['/*/.bashrc', '/*/.zshrc']);
  assert.deepEqual(openPaths(`${READ} fd.name glob /proc/*/environ`), ['/*/environ']);
  assert.deepEqual(openPaths(`${READ} fd.name glob /home/*/.ssh/*`), ['/home/*']);
  assert.deepEqual(openPaths(`${READ} fd.name endswith /.ssh/id_rsa`), ['/*/id_rsa']);
  assert.deepEqual(openPaths(`${READ} (fd.name = /a/b or fd.name = /c/d) and not fd.name = /x/y`), [
    '/a/b',
    '/c/d',
  ]);
});

test('a condition that leaves the path open needs every open', () => {
  assert.equal(openPaths(`${READ} proc.pname = tar`), 'all');
  assert.equal(openPaths(`${READ} (fd.name = /a/b or proc.pname = tar)`), 'all');
  assert.equal(openPaths(`${READ} not proc.name = tar`), 'all');
  assert.equal(openPaths(`${READ} fd.name contains id_rsa`), 'all');
  assert.equal(openPaths(`${READ} fd.name endswith id_rsa`), 'all');
  assert.equal(openPaths(`${READ} not fd.name startswith /usr/`), 'all');
  assert.equal(openPaths(`${READ} fd.nameraw startswith /etc/`), 'all');
});

test('a demand on the process, or on a path that leads upward, serves where there is none on the path', () => {
  const tar = interestOf(`${READ} proc.name in (tar, a-name-longer-than-the-kernel-keeps)`);
  assert.deepEqual([...tar.opens.programs], ['tar']);
  assert.deepEqual(tar.allOpens, []);
  const upward = interestOf(`${READ} fd.name contains id_rsa and fd.nameraw glob *../*../*`);
  assert.equal(upward.opens.upward, true);
  assert.deepEqual(upward.allOpens, []);
  const either = interestOf(`${READ} (fd.name = /a/b or proc.name = tar)`);
  assert.deepEqual([[...either.opens.paths], [...either.opens.programs]], [['/a/b'], ['tar']]);
});

test('opens that write or create are reported anyway', () => {
  assert.deepEqual(openPaths('evt.type = openat and evt.is_open_write = true and proc.name = tar'), []);
  assert.deepEqual(openPaths('evt.type = openat and evt.is_open_exec = true'), []);
  assert.deepEqual(openPaths('evt.type = openat and evt.arg.flags contains O_CREAT'), []);
  assert.equal(openPaths('evt.type = openat and not evt.is_open_write = true'), 'all');
});

test('only what holds for opens counts', () => {
  const condition = '(evt.type = openat and fd.name = /a/b) or (evt.type = execve and proc.name = x)';
  assert.deepEqual(openPaths(condition), ['/a/b']);
  assert.deepEqual(openPaths('evt.type = execve and proc.name = x'), []);
});

test('rules about received data say for which calls', () => {
  assert.deepEqual(
    [...interestOf('evt.type = recvfrom and evt.buffer bcontains cafe').dataTypes],
    ['recvfrom'],
  );
  assert.deepEqual([...interestOf('evt.type = recvmsg and evt.arg.data contains x').dataTypes], ['recvmsg']);
  assert.equal(interestOf('evt.type = recvfrom and fd.l4proto = udp').dataTypes.size, 0);
});

test('host names are those that rules compare with', () => {
  const found = interestOf('evt.type = connect and fd.sip.name in (Pool.Example, "b.example", "no name!")');
  assert.deepEqual([...found.hostNames], ['pool.example', 'b.example']);
  assert.equal(interestOf('evt.type = connect and fd.sip = 192.0.2.1').hostNames.size, 0);
});

test('environments are asked for by rules that compare or print them', () => {
  assert.equal(interestOf('evt.type = execve and proc.env icontains PROXY').readsEnvironment, true);
  assert.equal(interestOf('evt.type = execve and proc.aenv[1] contains x').readsEnvironment, true);
  assert.equal(interestOf('evt.type = execve and evt.arg.env contains x').readsEnvironment, true);
  assert.equal(interestOf('evt.type = execve and proc.name = env').readsEnvironment, false);
  const content =
    '- rule: r\n  desc: d\n  condition: evt.type = execve\n  output: env=%proc.env\n  priority: INFO\n';
  assert.equal(ruleInterest(loadRules([{ name: 'r.yaml', content }]).rules).readsEnvironment, true);
});
