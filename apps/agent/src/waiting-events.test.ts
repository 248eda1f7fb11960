// Young containers: their events are judged when the container is known, not before, and never lost.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { bareContainer, type Container, type RuntimeEvent, type Thread } from '@guardcell/core';
import { createEngine, loadRules, syntheticEvent } from '@guardcell/rules';
import { copyEvent } from './event-copy.ts';
import { metadataEventTypes } from './metadata-event-types.ts';
import { METADATA_WAIT_MS, STARTING_WAIT_MS, type WaitingEvents, waitingEvents } from './waiting-events.ts';

const ID = 'a'.repeat(64);
const RULES = `
- rule: privileged start
  desc: d
  condition: evt.type = execve and container.privileged = true
  output: started (container=%container.name image=%container.image.repository)
  priority: WARNING
- rule: write outside known images
  desc: d
  condition: evt.type = openat and evt.is_open_write = true and not container.image.repository in (builder)
  output: written (container=%container.name)
  priority: WARNING
- rule: unlink
  desc: d
  condition: evt.type = unlink
  output: removed
  priority: WARNING
`;

function known(over: Partial<Container>): Container {
  const image = { ...bareContainer(ID).image, reference: 'builder:1', repository: 'builder' };
  return { ...bareContainer(ID), name: 'web', image, complete: true, ...over };
}

interface Bench {
  readonly waiting: WaitingEvents;
  readonly judged: string[];
  container: Container;
  event(type: string): RuntimeEvent;
  become(container: Container): void;
}

function bench(): Bench {
  const loaded = loadRules([{ name: 'r.yaml', content: RULES }]);
  const engine = createEngine(loaded);
  const types = metadataEventTypes(loaded.rules);
  const judged: string[] = [];
  const self: Bench = {
    container: bareContainer(ID),
    judged,
    event(type) {
      const made = syntheticEvent(
        type === 'openat'
          ? { type, params: { flags: ['O_WRONLY', 'O_CREAT'] }, fd: { name: '/tmp/f' } }
          : { type },
      );
      const thread: Thread = Object.create(made.thread, { container: { get: () => self.container } });
      return Object.create(made, { thread: { value: thread } });
    },
    become(container) {
      self.container = container;
      self.waiting.changed(container);
    },
    waiting: waitingEvents({
      containerById: () => self.container,
      mustWait: (event) => types.has(event.type),
      judge: (event) => engine.evaluate(event, (match) => judged.push(match.message())),
    }),
  };
  return self;
}

test('events wait for the rules that ask about the container, and only for those', () => {
  const { rules } = loadRules([{ name: 'r.yaml', content: RULES }]);
  assert.deepEqual([...metadataEventTypes(rules)].sort(), ['execve', 'openat']);
  const disabled = loadRules([{ name: 'r.yaml', content: RULES }], {
    disabledRules: new Set(['privileged start']),
  });
  assert.deepEqual([...metadataEventTypes(disabled.rules)], ['openat']);
});

test('macros, transformers and names of users count as questions about the container', () => {
  const rule = (condition: string): string =>
    `- rule: r\n  desc: d\n  condition: evt.type = open and ${condition}\n  output: o\n  priority: INFO\n`;
  const asks = (condition: string, before = ''): boolean =>
    metadataEventTypes(loadRules([{ name: 'r.yaml', content: before + rule(condition) }]).rules).size > 0;
  assert.equal(asks('m', '- macro: m\n  condition: container.image.tag = x\n'), true);
  assert.equal(asks('toupper(container.name) = X'), true);
  assert.equal(asks('not k8s.ns.name = kube-system'), true);
  assert.equal(asks('user.name = app'), true);
  assert.equal(asks('user.uid = 0 and container.id != host and proc.name = sh'), false);
});

test('a privileged container is found although its first exec came before its metadata', () => {
  const at = bench();
  assert.equal(at.waiting.take(at.event('execve')), true);
  assert.deepEqual(at.judged, []);
  at.become(known({ privileged: true }));
  assert.deepEqual(at.judged, ['started (container=web image=builder)']);
});

test('an exception by image holds although the image was not known at the event', () => {
  const at = bench();
  assert.equal(at.waiting.take(at.event('openat')), true);
  at.become(known({}));
  assert.deepEqual(at.judged, []);
});

test('when nothing comes events are judged by what is known, and later ones at once', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const at = bench();
    assert.equal(at.waiting.take(at.event('openat')), true);
    mock.timers.tick(STARTING_WAIT_MS);
    assert.deepEqual(at.judged, ['written (container=<NA>)']);
    assert.equal(at.waiting.take(at.event('openat')), false);
  } finally {
    mock.timers.reset();
  }
});

test('the wait is counted from the first program, because runtimes may take long to get there', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const at = bench();
    at.waiting.take(at.event('openat'));
    mock.timers.tick(STARTING_WAIT_MS - 1);
    at.waiting.take(at.event('execve'));
    mock.timers.tick(METADATA_WAIT_MS - 1);
    at.waiting.take(at.event('execve'));
    assert.deepEqual(at.judged, []);
    mock.timers.tick(1);
    assert.deepEqual(at.judged, ['written (container=<NA>)']);
  } finally {
    mock.timers.reset();
  }
});

test('a container that is gone before anything was learnt waits no longer', () => {
  const at = bench();
  at.waiting.take(at.event('openat'));
  at.become({ ...bareContainer(ID), state: 'removed' });
  assert.equal(at.judged.length, 1);
});

test('what is beyond the bound is not lost: it is judged at once', () => {
  const at = bench();
  let taken = 0;
  while (taken < 10_000 && at.waiting.take(at.event('openat'))) taken++;
  assert.equal(taken, 500);
  at.waiting.releaseAll();
  assert.equal(at.judged.length, 500);
});

test('a copy keeps what the event said when it was made, ancestors and bytes included', () => {
  const data = new Uint8Array([1, 2]);
  const made = syntheticEvent({
    type: 'execve',
    process: { name: 'sh', cmdline: 'sh -c id', parents: [{ name: 'nginx', pid: 7 }] },
  });
  const event: RuntimeEvent = Object.create(made, {
    paramNames: { value: () => ['data', 'absent'] },
    param: { value: (name: string) => (name === 'data' ? data : undefined) },
    thread: { value: Object.create(made.thread, { pidNamespaceStartNs: { value: 5n } }) },
  });
  let container = bareContainer(ID);
  const copy = copyEvent(event, () => container);
  data[0] = 9;
  assert.deepEqual(copy.param('data'), new Uint8Array([1, 2]));
  assert.equal(copy.param('absent'), undefined);
  assert.deepEqual(copy.paramNames(), ['data', 'absent']);
  assert.equal(copy.thread.comm, 'sh');
  assert.equal(copy.thread.pidNamespaceStartNs, 5n);
  assert.equal(copy.thread.parent()?.comm, 'nginx');
  container = known({});
  assert.equal(copy.thread.container.name, 'web');
  for (const key of ['type', 'timeNs', 'num', 'cpu', 'result', 'path', 'targetPath'] as const)
    assert.equal(copy[key], made[key]);
});
