// Explanations show of environments only what the rule asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { createEngine } from './engine.ts';

function actualOf(condition: string, env: Readonly<Record<string, string>>): readonly string[] {
  const content = `- rule: R\n  desc: d\n  condition: evt.type=execve and ${condition}\n  output: o\n  priority: INFO\n`;
  const found: string[] = [];
  createEngine(loadRules([{ name: 'r', content }])).evaluate(
    syntheticEvent({ type: 'execve', process: { env } }),
    (match) => {
      const clauses = match.matched().filter((clause) => clause.field.startsWith('proc.env'));
      found.push(...clauses.map((clause) => clause.actual));
    },
  );
  return found;
}

test('of an environment only the variable that the rule names is shown with its value', () => {
  const env = { TOKEN: 'secret words', LD_PRELOAD: '/tmp/x.so', PATH: '/bin' };
  assert.deepEqual(actualOf('proc.env contains "LD_PRELOAD=/tmp/"', env), [
    'TOKEN=… LD_PRELOAD=/tmp/x.so PATH=…',
  ]);
});

test('a rule that only asks whether there is an environment is shown names', () => {
  assert.deepEqual(actualOf('proc.env exists', { TOKEN: 'secret' }), ['TOKEN=…']);
});

test('one variable that a rule asks for by name is shown', () => {
  assert.deepEqual(actualOf('proc.env[PROXY] = p', { TOKEN: 'secret', PROXY: 'p' }), ['p']);
});
