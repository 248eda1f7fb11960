// Transformers in conditions and in outputs: values, types, what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holds, loadText, printed, problemsOf, ruleText } from '../testing/rule-probe.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';

const TAR = syntheticEvent({
  type: 'execve',
  process: {
    name: 'Tar',
    exe: '/usr/bin/tar',
    args: ['-xvf', 'my file', '-C', '/tmp', '--', '-z'],
    env: ['KEY=c2VjcmV0'],
    parents: [{ name: 'Sh' }],
  },
});

const VALUES: readonly (readonly [call: string, value: string])[] = [
  ['tolower(proc.name)', 'tar'],
  ['toupper(proc.name)', 'TAR'],
  ['toupper(tolower(proc.name))', 'TAR'],
  ['basename(proc.exe)', 'tar'],
  ['basename(proc.name)', 'Tar'],
  ['b64(proc.env[KEY])', 'secret'],
  ['b64(proc.cmdline)', '<NA>'],
  ['len(proc.name)', '3'],
  ['len(proc.env)', '12'],
  ['len(fd.name)', '0'],
  ['len(join("", (a, b)))', '2'],
  ['concat(proc.name, "/", proc.pname)', 'Tar/Sh'],
  ['concat(proc.name, fd.name)', '<NA>'],
  ['join(", ", (a, "b c", d))', 'a, b c, d'],
  ['join("+", proc.args)', '-xvf+my file+-C+/tmp+--+-z'],
  ['join(",", getopt(proc.args, "xvf:C:"))', 'x,v,f,my file,C,/tmp'],
  ['getopt(proc.args, "xvf:C:")[f]', 'my file'],
  ['getopt(proc.args, "xvf:C:")[C]', '/tmp'],
  ['getopt(proc.args, "xvf:C:")[v]', 'v'],
  ['getopt(proc.args, "xvf:C:")[z]', '<NA>'],
  ['getopt(proc.cmdline, "x")[x]', '<NA>'],
  ['toupper(getopt(proc.args, "f:xv")[f])', 'MY FILE'],
];

for (const [call, value] of VALUES) {
  test(`%${call} prints ${value}`, () => {
    assert.equal(printed(`%${call}`, TAR), value);
    const check = value === '<NA>' ? `not ${call} exists` : `${call} exists`;
    assert.equal(holds(check, TAR), true);
  });
}

test('transformers stand on either side of a comparison', () => {
  assert.equal(holds('basename(proc.exe) = tolower(proc.name)', TAR), true);
  assert.equal(holds('tolower(proc.name) in (sh, tar) and len(proc.name) >= 3', TAR), true);
  assert.equal(holds('proc.exe endswith tolower(proc.name)', TAR), true);
  assert.equal(holds('getopt(proc.args, "xvf:C:") intersects ("/tmp", x)', TAR), true);
  assert.equal(holds('getopt(proc.args, "xvf:C:") in ("/tmp", x)', TAR), false);
});

test('getopt passes long options over, marks unknown ones and stops at the first word that is none', () => {
  const args = ['--long', '-q', '-a', '-', '-b'];
  const event = syntheticEvent({ type: 'execve', process: { name: 'x', args } });
  assert.equal(printed('%join(" ", getopt(proc.args, "ab"))', event), '? a');
  const last = syntheticEvent({ type: 'execve', process: { name: 'x', args: ['-n', '1', '-n2', '-n'] } });
  assert.equal(printed('[%getopt(proc.args, "n:")[n]]', last), '[]');
});

test('case changes touch A to Z only, and texts keep their length', () => {
  const event = syntheticEvent({ type: 'execve', process: { name: 'ÀİSs' } });
  assert.equal(printed('%tolower(proc.name) %toupper(proc.name)', event), 'Àİss ÀİSS');
  assert.equal(holds('proc.name iglob "Àİ*" and not proc.name iglob "àİ*"', event), true);
});

const REFUSED: readonly (readonly [condition: string, why: RegExp])[] = [
  ['tolower(proc.pid) = x', /does not apply to values of type int/],
  ['tolower(proc.name, proc.exe) = x', /takes 1 arguments, not 2/],
  ['join(",", proc.name) = x', /second argument of 'join' must be a list/],
  ['join((a, b), (a, b)) = x', /separator of 'join' must be one text/],
  ['join(",") = x', /takes 2 arguments, not 1/],
  ['concat(proc.name) = x', /at least 2/],
  ['concat(proc.name, (a, b)) = x', /takes texts, not lists/],
  ['concat(proc.name, proc.pid) = x', /does not apply to values of type int/],
  ['getopt(proc.args, "ab")[ab] = x', /one letter/],
  ['getopt(proc.args, (a)) = x', /must be one text/],
  ['getopt(proc.args, "ab") = x', /is a list/],
  ['tolower(proc.name)[1] = x', /takes no \[argument\]/],
  ['tolower(fd.net) = x', /cannot be transformed/],
  ['len(proc.aname) = 1', /cannot be transformed/],
  ['tolower(evt.rawarg.flags) = x', /cannot be transformed/],
  ['len(proc.name) = val(proc.name)', /must have the same type/],
  ['tolower(nosuch.field) = x', /nonexistent field/],
  ['tolower(x) = x', /expected a field/],
  ['val(proc.name) = x', /./],
];

for (const [condition, why] of REFUSED) {
  test(`${condition} is refused`, () => {
    assert.match(problemsOf(loadText(ruleText(condition)))[0] ?? '', why);
  });
}
