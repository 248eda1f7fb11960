import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELDS } from '../fields/registry.ts';
import { loadRules } from '../loader/load-rules.ts';
import { eventTypeViews, operatorsOf } from './catalog.ts';

test('the operators of every field are those that the loader takes', () => {
  for (const field of FIELDS) {
    if (field.argument === 'required' || field.deprecated || !field.sources.includes('syscall')) continue;
    const named = operatorsOf(field);
    assert.ok(named.length > 0, field.name);
    for (const operator of ['exists', 'contains', '<', 'intersects'] as const) {
      const right = { exists: '', contains: 'a', '<': '1', intersects: '(1)' }[operator];
      const { rules } = loadRules([
        {
          name: 'r',
          content: `- rule: R\n  desc: d\n  condition: evt.type=open and ${field.name} ${operator} ${right}\n  output: o\n  priority: error\n`,
        },
      ]);
      if (!named.includes(operator)) assert.equal(rules.length, 0, `${field.name} ${operator}`);
    }
  }
});

test('events have the parameters of the table, with the names of their flags', () => {
  const openat = eventTypeViews().find(({ name }) => name === 'openat');
  const flags = openat?.parameters.find(({ name }) => name === 'flags');
  assert.ok(flags?.values.includes('O_RDONLY'));
});
