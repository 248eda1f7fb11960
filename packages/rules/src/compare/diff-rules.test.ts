import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LoadResult, loadRules } from '../loader/load-rules.ts';
import { diffRules } from './diff-rules.ts';

const BASE = `
- list: shells
  items: [sh, bash]
- macro: shell
  condition: proc.name in (shells)
- rule: Shell
  desc: A shell was started
  condition: evt.type=execve and shell and container.id != host
  output: shell %proc.name
  priority: warning
  tags: [container, T1059]
  exceptions:
    - name: known
      fields: [proc.name, proc.pname]
      values: [[sh, cron], [bash, sshd]]
- rule: Write
  desc: d
  condition: evt.type=openat and fd.name=/etc/passwd
  output: o
  priority: error
`;

function load(content: string): LoadResult {
  const loaded = loadRules([{ name: 'r.yaml', content }]);
  assert.deepEqual(
    loaded.problems.filter(({ level }) => level === 'error'),
    [],
  );
  return loaded;
}

function diff(change: (text: string) => string): ReturnType<typeof diffRules> {
  const changed = change(BASE);
  assert.notEqual(changed, BASE);
  return diffRules(load(BASE), load(changed));
}

describe('what is no difference', () => {
  const cases: readonly (readonly [string, (text: string) => string])[] = [
    [
      'white space',
      (text) => text.replace('evt.type=execve and shell', 'evt.type = execve\n    and   shell'),
    ],
    ['the order of checks', (text) => text.replace('evt.type=execve and shell', 'shell and evt.type=execve')],
    ['the order of a list', (text) => text.replace('[sh, bash]', '[bash, sh]')],
    ['the order of tags', (text) => text.replace('[container, T1059]', '[T1059, container]')],
    [
      'the order of exceptions',
      (text) => text.replace('[[sh, cron], [bash, sshd]]', '[[bash, sshd], [sh, cron]]'),
    ],
    [
      'a macro that is written out',
      (text) => text.replace('and shell and', 'and proc.name in (bash, sh) and'),
    ],
    ['a comment', (text) => `# a comment\n${text}`],
  ];
  for (const [what, change] of cases) {
    test(what, () => {
      const found = diff(change);
      assert.equal(found.same, true, JSON.stringify(found));
    });
  }

  test('a condition written in another way is named', () => {
    assert.deepEqual(
      diff((text) => text.replace('evt.type=execve and shell', 'shell and evt.type=execve')).rewritten,
      ['Shell'],
    );
  });
});

describe('what is a difference', () => {
  const cases: readonly (readonly [string, (text: string) => string, boolean])[] = [
    ['condition', (text) => text.replace('fd.name=/etc/passwd', 'fd.name=/etc/shadow'), true],
    ['exceptions', (text) => text.replace('[[sh, cron], ', '['), true],
    ['output', (text) => text.replace('shell %proc.name', 'a shell %proc.name'), false],
    ['priority', (text) => text.replace('warning', 'error'), false],
    ['enabled', (text) => text.replace('desc: d\n', 'desc: d\n  enabled: false\n'), true],
    ['tags', (text) => text.replace('T1059', 'T1059.004'), false],
    ['description', (text) => text.replace('A shell was started', 'Someone started a shell'), false],
    ['texts', (text) => text.replace('desc: d\n', 'desc: d\n  guardcell: { title: { en: T } }\n'), false],
  ];
  for (const [part, change, detects] of cases) {
    test(`${part} of one rule`, () => {
      const { changed, added, removed } = diff(change);
      assert.equal(changed.length, 1);
      assert.deepEqual(
        changed[0]?.parts.map((each) => each.part),
        [part],
      );
      assert.equal(changed[0]?.detectsDifferently, detects);
      assert.deepEqual([added, removed], [[], []]);
    });
  }

  test('a rule that came or went', () => {
    const { added, removed } = diff((text) => text.replace('- rule: Write', '- rule: Written'));
    assert.deepEqual([added, removed], [['Written'], ['Write']]);
  });

  test('a list shows what came and went, and every rule that it changes through macros', () => {
    const { lists, changed, same } = diff((text) => text.replace('[sh, bash]', '[sh, zsh]'));
    assert.equal(same, false);
    assert.deepEqual(lists, [{ name: 'shells', added: ['zsh'], removed: ['bash'], affects: ['Shell'] }]);
    assert.deepEqual(
      changed.map(({ rule, lists: names, parts }) => [rule, names, parts]),
      [['Shell', ['shells'], []]],
    );
  });

  test('a macro shows both texts and the rules that use it', () => {
    const { macros, changed } = diff((text) => text.replace('proc.name in (shells)', 'proc.exe in (shells)'));
    assert.deepEqual(macros, [
      { name: 'shell', before: 'proc.name in (shells)', after: 'proc.exe in (shells)', affects: ['Shell'] },
    ]);
    assert.deepEqual(changed[0]?.macros, ['shell']);
  });
});
