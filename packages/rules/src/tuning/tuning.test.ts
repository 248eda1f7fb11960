import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert, RuntimeEvent } from '@guardcell/core';
import fc from 'fast-check';
import { createEngine } from '../engine/engine.ts';
import { loadRules } from '../loader/load-rules.ts';
import type { EventSpec } from '../testing/event-spec.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { alertEvent } from './alert-event.ts';
import type { RuleException } from './exception.ts';
import { previewException } from './preview.ts';
import { proposeExceptions } from './propose.ts';
import { addException } from './write-exception.ts';

const RULE = 'Config read';
const RULES = `- list: nginx
  items: [something, else]
- rule: ${RULE}
  desc: d
  condition: evt.type = openat and fd.name startswith /etc
  output: read (file=%fd.name command=%proc.cmdline image=%container.image.repository)
  priority: WARNING
`;
const TUNED = { name: RULE, source: 'syscall' };

function engineOf(...contents: readonly string[]): (event: RuntimeEvent) => string[] {
  const load = loadRules(contents.map((content, at) => ({ name: `${at}.yaml`, content })));
  assert.deepEqual(
    load.problems.filter(({ level }) => level === 'error'),
    [],
  );
  const engine = createEngine(load);
  return (event) => {
    const names: string[] = [];
    engine.evaluate(event, (match) => names.push(match.rule.name));
    return names;
  };
}

const PROCESS = {
  pid: 1,
  ppid: 0,
  vpid: 1,
  name: 'cat',
  exe: '/bin/cat',
  cmdline: 'cat x',
  cwd: '/',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '',
};

/** The alert that the sensor makes of the event. */
function alertOf(spec: EventSpec, content: string = RULES, id = 's-1-1'): Alert {
  const event = syntheticEvent(spec);
  const engine = createEngine(loadRules([{ name: 'r.yaml', content }]));
  let made: Alert | undefined;
  engine.evaluate(event, (match) => {
    const { thread } = event;
    const processOf = (at: typeof thread): Alert['process'] => ({
      ...PROCESS,
      name: at.comm,
      exe: at.exePath,
      pid: at.pid,
      vpid: at.vpid,
      cmdline: [at.comm, ...at.args].join(' '),
      cwd: at.cwd,
      uid: at.uid,
    });
    const parent = thread.parent();
    made = {
      id,
      time: '2026-03-01T10:00:00Z',
      rule: match.rule.name,
      severity: 'medium',
      priority: 'warning',
      source: 'syscall',
      message: match.message(),
      tags: [],
      mitre: [],
      hostname: 'h',
      container: {
        id: thread.container.id,
        name: thread.container.name,
        image: thread.container.image.reference,
        imageDigest: '',
        runtime: 'docker',
        privileged: false,
        namespace: thread.container.kubernetes?.namespace ?? '',
        pod: thread.container.kubernetes?.podName ?? '',
      },
      process: processOf(thread),
      processTree: [processOf(thread), ...(parent === undefined ? [] : [processOf(parent)])],
      matched: match.matched(),
      event: { num: 1, type: event.type, args: match.eventArgs() },
      outputFields: match.outputFields(),
    };
  });
  assert.ok(made !== undefined, 'the rule must match');
  return made;
}

function read(
  file: string,
  process: EventSpec['process'] = {},
  image = 'registry:5000/shop/nginx:1.27',
): EventSpec {
  return {
    type: 'openat',
    fd: { name: file },
    process: {
      name: 'cat',
      exePath: '/bin/cat',
      cmdline: `cat ${file}`,
      pid: 201,
      vpid: 2,
      parents: [{ name: 'init', exePath: '/sbin/init', pid: 200, vpid: 1 }],
      ...process,
    },
    container: image === 'host' ? 'host' : { image },
  };
}

test('the narrowest proposal ties image, parent, program and file together', () => {
  const [first] = proposeExceptions([alertOf(read('/etc/app/a.conf'))], TUNED);
  assert.deepEqual(first?.exception, {
    name: 'tuned_nginx_cat',
    fields: ['container.image.repository', 'proc.pexepath', 'proc.exepath', 'fd.name'],
    comps: ['=', '=', '=', '='],
    values: [['registry:5000/shop/nginx', '/sbin/init', '/bin/cat', '/etc/app/a.conf']],
  });
  assert.deepEqual([first?.risk, first?.notes], ['low', []]);
});

test('a parent outside the container, which a runtime leaves behind, is no part of an exception', () => {
  const parents = [{ name: 'runc', exePath: '/usr/bin/runc', pid: 900, vpid: 900 }];
  const started = alertOf(read('/etc/app/a.conf', { pid: 901, vpid: 7, parents }));
  for (const { exception } of proposeExceptions([started], TUNED))
    assert.ok(!exception.fields.includes('proc.pexepath'));
});

test('no proposal stands on one field, or on nothing but what the process says of itself', () => {
  const nameless = alertOf(read('/etc/app/a.conf', { exePath: '' }));
  for (const alerts of [[alertOf(read('/etc/x'))], [nameless], [alertOf(read('/etc/x', {}, 'host'))]]) {
    for (const { exception } of proposeExceptions(alerts, TUNED)) {
      assert.ok(exception.fields.length >= 2, exception.fields.join());
      assert.ok(!exception.fields.every((field) => ['proc.name', 'proc.cmdline'].includes(field)));
    }
  }
});

test('files of one folder give a prefix, a wide folder does not', () => {
  const many = ['a', 'b', 'c'].map((name) => alertOf(read(`/etc/app/conf.d/${name}`)));
  const prefix = proposeExceptions(many, TUNED).find(({ notes }) => notes.includes('prefix'));
  assert.equal(prefix?.exception.values[0]?.at(-1), '/etc/app/conf.d/');
  assert.equal(prefix?.exception.comps.at(-1), 'startswith');
  assert.equal(prefix?.risk, 'medium');
  const wide = ['/etc/a', '/etc/b/c'].map((name) => alertOf(read(name)));
  assert.ok(proposeExceptions(wide, TUNED).every(({ notes }) => !notes.includes('prefix')));
});

test('a whole interpreter, a place that anybody writes to and no place at all are called risky', () => {
  const shell = proposeExceptions([alertOf(read('/etc/app/x', { name: 'sh', exePath: '/bin/sh' }))], TUNED);
  for (const { notes, risk } of shell.filter((each) => each.notes.includes('program')))
    assert.deepEqual([notes.includes('interpreter'), risk], [true, 'high']);
  const dropped = proposeExceptions([alertOf(read('/etc/app/x', { exePath: '/tmp/x' }))], TUNED);
  assert.ok(
    dropped
      .filter((each) => each.exception.fields.includes('proc.exepath'))
      .every(({ notes }) => notes.includes('writable')),
  );
  const both = proposeExceptions(
    [alertOf(read('/etc/app/x')), alertOf(read('/etc/app/x', {}, 'host'))],
    TUNED,
  );
  assert.ok(
    both.length > 0 && both.every(({ notes, risk }) => notes.includes('everywhere') && risk === 'high'),
  );
});

test('host alerts are excepted for the host alone', () => {
  const [first] = proposeExceptions([alertOf(read('/etc/app/x', {}, 'host'))], TUNED);
  assert.deepEqual([first?.exception.fields[0], first?.exception.values[0]?.[0]], ['container.id', 'host']);
});

test('a preview says what would be silenced, what would remain, and what nobody can tell', () => {
  const alerts = [alertOf(read('/etc/app/a')), alertOf(read('/etc/app/b')), alertOf(read('/etc/shadow'))];
  const exception: RuleException = {
    name: 'x',
    fields: ['fd.name', 'proc.exepath'],
    comps: ['startswith', '='],
    values: [['/etc/app/', '/bin/cat']],
  };
  assert.deepEqual(previewException(exception, alerts), {
    looked: 3,
    silenced: 2,
    unknown: 0,
    silencedExamples: [0, 1],
    remainingExamples: [2],
    problem: '',
  });
  const blind = {
    ...exception,
    fields: ['fd.name', 'proc.sid'],
    comps: ['startswith', '='],
    values: [['/etc/app/', '7']],
  };
  const preview = previewException(blind, alerts);
  assert.deepEqual([preview.silenced, preview.unknown], [0, 2]);
  assert.match(
    previewException({ ...exception, fields: ['fd.nmae', 'proc.exepath'] }, alerts).problem,
    /nonexistent field/,
  );
});

test('an applied exception silences the alerts, nothing else, and leaves the rest of the file alone', () => {
  const file = '# by hand\n- macro: mine\n  condition: (proc.name = x) # keep\n';
  const spec = read('/etc/app/a.conf');
  const [proposal] = proposeExceptions([alertOf(spec)], TUNED);
  assert.ok(proposal !== undefined);
  const written = addException(file, RULE, proposal.exception, { comment: 'by admin' });
  assert.ok('content' in written);
  assert.ok(written.content.startsWith(file.trimEnd()), written.content);
  const run = engineOf(RULES, written.content);
  assert.deepEqual(run(syntheticEvent(spec)), []);
  assert.deepEqual(run(syntheticEvent(read('/etc/app/b.conf'))), [RULE]);
  assert.deepEqual(run(syntheticEvent(read('/etc/app/a.conf', {}, 'other'))), [RULE]);
});

test('the same exception twice grows its values, another of the same name gets a name of its own', () => {
  const base: RuleException = {
    name: 'x',
    fields: ['fd.name', 'proc.exepath'],
    comps: ['=', '='],
    values: [['/etc/a', '/bin/a']],
  };
  let content = '';
  for (const exception of [
    base,
    {
      ...base,
      values: [
        ['/etc/a', '/bin/a'],
        ['/etc/b', '/bin/b'],
      ],
    },
    { ...base, comps: ['startswith', '='] },
  ]) {
    const written = addException(content, RULE, exception);
    assert.ok('content' in written);
    content = written.content;
  }
  assert.equal(content.match(/\/etc\/a,/g)?.length, 2);
  assert.match(content, /name: x_2/);
  engineOf(RULES, content);
});

test('a file that is no list of rules is left alone', () => {
  const exception: RuleException = { name: 'x', fields: ['fd.name'], comps: ['='], values: [['/a']] };
  assert.ok('problem' in addException('a: 1\n', RULE, exception));
  assert.ok('problem' in addException('- [\n', RULE, exception));
});

test('whatever a value holds, the exception written for it silences it and not its neighbour', () => {
  const part = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 3 })
    .filter((text) => !/[\0/]/.test(text) && text.isWellFormed());
  const odd = fc.constantFrom(
    '"x"',
    "'x'",
    '(a, b)',
    'nginx',
    ' lead',
    'a b',
    'a=b',
    '\\',
    '\\n',
    '"',
    '#x',
    '- x',
    'x: y',
    '%p',
    '*',
    'null',
    '1.0',
    '~',
    '|',
    '>',
    'a\tb',
    '\u0007',
  );
  fc.assert(
    fc.property(fc.oneof(part, odd), (name) => {
      const exception: RuleException = {
        name: 'x',
        fields: ['proc.name', 'fd.filename'],
        comps: ['=', '='],
        values: [[name, 'y']],
      };
      const written = addException('', RULE, exception, { listNames: new Set(['nginx']) });
      assert.ok('content' in written);
      const run = engineOf(RULES, written.content);
      const event = (comm: string): RuntimeEvent =>
        syntheticEvent({ type: 'openat', fd: { name: '/etc/y' }, process: { name: comm } });
      assert.deepEqual(run(event(name)), [], JSON.stringify(name));
      assert.deepEqual(run(event(`${name}.`)), [RULE]);
    }),
    { numRuns: 300 },
  );
});

test('an event rebuilt from an alert makes its rule fire again', () => {
  const alert = alertOf(read('/etc/app/a.conf', { uid: 33 }));
  const event = alertEvent(alert);
  assert.ok(event !== undefined);
  assert.deepEqual(engineOf(RULES)(event), [RULE]);
  assert.deepEqual(
    [
      event.thread.exePath,
      event.thread.uid,
      event.thread.parent()?.comm,
      event.fd?.name,
      event.param('flags'),
    ],
    ['/bin/cat', 33, 'init', '/etc/app/a.conf', 1],
  );
  assert.equal(alertEvent({ ...alert, source: 'k8s_audit' }), undefined);
});
