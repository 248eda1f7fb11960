import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { createEngine } from '../engine/engine.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { loadRules } from './load-rules.ts';
import { loadOfPortable, type PortableLoad, portableLoad } from './portable-load.ts';

const BUILT_IN = new URL('../../../../content/rules/', import.meta.url);

function carried(portable: PortableLoad): PortableLoad {
  return deserialize(serialize(portable)) as PortableLoad;
}

test('rules that went to another thread match and speak as before', () => {
  const load = loadRules([
    {
      name: 'a.yaml',
      content: `- list: names
  items: [cat, head]
- macro: reads
  condition: (evt.type = openat and evt.is_open_read = true)
- rule: A
  desc: d
  condition: reads and proc.name in (names) and not fd.name pmatch (/tmp)
  output: "*%proc.name read %20fd.name %%"
  priority: ERROR
  tags: [T1003]
`,
    },
  ]);
  const event = syntheticEvent({
    type: 'openat',
    fd: { name: '/etc/x' },
    process: { name: 'cat' },
    params: { flags: 1 },
  });
  const said = [load, loadOfPortable(carried(portableLoad(load)))].map((each) => {
    const found: unknown[] = [];
    createEngine(each).evaluate(event, (match) =>
      found.push(match.message(), match.matched(), match.evaluated(), match.outputFields(), match.rule.tags),
    );
    return found;
  });
  assert.equal(said[0]?.[0], `cat read ${'/etc/x'.padEnd(20)} %`);
  assert.deepEqual(said[1], said[0]);
});

test('every built-in rule arrives whole, and shared trees stay shared', () => {
  const files = readdirSync(BUILT_IN, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name, content: readFileSync(new URL(name, BUILT_IN), 'utf8') }));
  const load = loadRules(files);
  assert.ok(load.rules.length > 30);
  const portable = portableLoad(load);
  const bytes = serialize(portable).length;
  const back = loadOfPortable(deserialize(serialize(portable)) as PortableLoad);
  assert.deepEqual(portableLoad(back), portable);
  assert.equal(back.rules.length, load.rules.length);
  assert.ok(bytes < 4_000_000, `${bytes} bytes`);
});
