// What installers recorded about the files of their packages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FileLists, fileListAnalyzer } from './file-lists.ts';

function listsOf(files: Record<string, string>): Record<string, string[]> {
  const lists: FileLists = new Map();
  const analyzer = fileListAnalyzer(lists);
  const found = Object.entries(files).flatMap(([path, text]) => {
    const entry = { path, size: text.length, mode: 0o644, uid: 0, gid: 0 };
    assert.ok(analyzer.wants(entry), path);
    const result = analyzer.analyze({ ...entry, bytes: Buffer.from(text) });
    return result !== undefined && 'value' in result ? [{ location: { path }, value: result.value }] : [];
  });
  analyzer.assemble(found);
  return Object.fromEntries(lists);
}

test('a wheel owns what its RECORD lists, also outside of its folder, but not its own metadata', () => {
  const text = 'six.py,sha256=x,3\n"odd,name.py",,\n../../../bin/six,,\nsix-1.dist-info/METADATA,,\n';
  assert.deepEqual(listsOf({ '/usr/lib/python3/site-packages/six-1.dist-info/RECORD': text }), {
    '/usr/lib/python3/site-packages/six-1.dist-info': [
      '/usr/lib/python3/site-packages/six.py',
      '/usr/lib/python3/site-packages/odd,name.py',
      '/usr/bin/six',
    ],
  });
});

test('an egg owns its installed files and its modules', () => {
  assert.deepEqual(
    listsOf({
      '/s/a.egg-info/installed-files.txt': '../a/__init__.py\nPKG-INFO\n',
      '/s/b.egg-info/top_level.txt': 'b\n',
    }),
    { '/s/a.egg-info': ['/s/a/__init__.py'], '/s/b.egg-info': ['/s/b/', '/s/b.py'] },
  );
});

test('a conda package owns the files of its list; a broken list owns nothing', () => {
  assert.deepEqual(
    listsOf({
      '/opt/c/conda-meta/x.json': '{"name":"x","files":["bin/x",7]}',
      '/opt/c/conda-meta/y.json': '{"files":',
    }),
    { '/opt/c/conda-meta/x.json': ['/opt/c/bin/x'] },
  );
});

test('a list of very many files is cut down to folders', () => {
  const text = Array.from({ length: 50_000 }, (_, n) => `big/d${n % 7}/f${n}.py`).join('\n');
  const lists = listsOf({ '/s/big-1.dist-info/RECORD': text });
  assert.equal(lists['/s/big-1.dist-info']?.length, 7);
});
