import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExcludeSection } from './exclude-section.ts';

test('patterns are read, and those that cannot be meant are told by their place', () => {
  const content = `exclude:
  - vendor
  - '**/testdata'
  - ../other
  - 5
  - ''
secrets: {}
`;
  const { rules, problems } = readExcludeSection('settings.yaml', content);
  assert.deepEqual(rules, [
    { glob: 'vendor', isShared: true },
    { glob: '**/testdata', isShared: true },
  ]);
  assert.deepEqual(
    problems.map(({ code, at, message }) => [code, at, message]),
    [
      ['GC_EXCLUDE', 'settings.yaml:4:5', 'the pattern is not used: it leads out of what is scanned'],
      ['GC_EXCLUDE', 'settings.yaml:5:5', 'the pattern is no text'],
      ['GC_EXCLUDE', 'settings.yaml:6:5', 'the pattern is not used: it is empty'],
    ],
  );
});

test('a file without the list excludes nothing, and what is no list is told', () => {
  for (const content of ['', 'ignore: []', 'exclude:', '- vendor', 'exclude: [', '5'])
    assert.deepEqual(readExcludeSection('s.yaml', content), { rules: [], problems: [] }, content);
  const tooMany = `exclude: [${'a, '.repeat(1001)}]`;
  for (const content of ['exclude: vendor', 'exclude: { a: b }', tooMany]) {
    const { rules, problems } = readExcludeSection('s.yaml', content);
    assert.deepEqual([rules, problems.length], [[], 1]);
    assert.match(problems[0]?.message ?? '', /'exclude' is no list of at most 1000 patterns/);
  }
});
