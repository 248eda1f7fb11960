import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '@guardcell/core';
import { describeAlert } from './commands/events/index.ts';
import { forTerminal, oneLine, safeJson } from './terminal.ts';

const HOSTILE = 'a\u001b]0;pwned\u0007\u009b2J\u202eb\nCRITICAL  forged';
// oxlint-disable-next-line no-control-regex -- what must not get through
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('text for a terminal has no control characters and no marks that turn it around', () => {
  assert.doesNotMatch(forTerminal(HOSTILE), DANGEROUS);
  assert.match(forTerminal('a\n\tb'), /^a\n\tb$/);
  assert.doesNotMatch(oneLine(HOSTILE), /\n/);
});

test('JSON for a terminal means the same and has no raw control characters', () => {
  const value = { name: HOSTILE };
  const text = safeJson(JSON.stringify(value));
  assert.doesNotMatch(text, DANGEROUS);
  assert.deepEqual(JSON.parse(text), value);
});

test('an alert about a process with a hostile command line cannot drive the terminal or forge lines', () => {
  const process = {
    pid: 1,
    ppid: 0,
    vpid: 1,
    name: HOSTILE,
    exe: HOSTILE,
    cmdline: HOSTILE,
    cwd: '/',
    uid: 0,
  };
  const alert = {
    id: 'x',
    time: '',
    rule: 'r',
    severity: 'low',
    message: HOSTILE,
    hostname: HOSTILE,
    container: { id: 'c', name: HOSTILE, image: HOSTILE },
    event: { type: 'execve', args: { path: HOSTILE } },
    mitre: [],
    matched: [{ field: 'proc.name', operator: '=', expected: HOSTILE, actual: HOSTILE, macros: [] }],
    processTree: [{ ...process, user: HOSTILE }],
  } as unknown as Alert;
  const text = describeAlert(alert);
  assert.doesNotMatch(text, DANGEROUS);
  assert.doesNotMatch(text, /^CRITICAL/m);
});
