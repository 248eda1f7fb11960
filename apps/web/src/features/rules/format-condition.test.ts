import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCondition } from './format-condition.ts';

test('parts joined by and, or stand on lines of their own; lists and short conditions stay whole', () => {
  assert.equal(
    formatCondition('evt.type = execve  and proc.name in (a, b)'),
    'evt.type = execve and proc.name in (a, b)',
  );
  assert.equal(
    formatCondition(
      'spawned_process and container and (proc.name in (nc, ncat) or (proc.name = socat and proc.args contains "and (x")) and not user_known',
    ),
    [
      'spawned_process',
      'and container',
      'and (',
      '  proc.name in (nc, ncat)',
      '  or (',
      '    proc.name = socat',
      '    and proc.args contains "and (x"',
      '  )',
      ')',
      'and not user_known',
    ].join('\n'),
  );
});

test('nothing but blanks changes', () => {
  const conditions = [
    'a.b = "x y" and (c.d!=1 or e.f >= 2) and g.h in ("a b", \'c\', d) and tolower(proc.name) = x and i.j exists and k',
    'not (a and b) and proc.aname[2] in (sh,bash) and fd.name startswith /etc/ and not fd.name in (/a, /b) or zzzzzzzzzzzzz',
  ];
  for (const text of conditions)
    assert.equal(formatCondition(text).replace(/\s+/g, ''), text.replace(/\s+/g, ''));
});

test('a text that is no condition comes back as it is', () => {
  assert.equal(formatCondition('a and (b'), 'a and (b');
  assert.equal(formatCondition('a) and b'), 'a) and b');
});
