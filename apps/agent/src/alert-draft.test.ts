// What leaves the worker: environments hold secrets, so an alert has them only where its rule says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine, loadRules, syntheticEvent } from '@guardcell/rules';
import { draftAlert } from './alert-draft.ts';
import { createNameSource } from './user-names.ts';
import type { AlertDraft } from './worker-messages.ts';

function draft(output: string): AlertDraft {
  const content = `- rule: r\n  desc: d\n  condition: evt.type = execve\n  output: ${output}\n  priority: INFO\n`;
  const event = syntheticEvent({
    type: 'execve',
    process: { name: 'wget', env: ['TOKEN=s3cret'] },
    params: { env: 'TOKEN=s3cret' },
  });
  const drafts: AlertDraft[] = [];
  createEngine(loadRules([{ name: 'r.yaml', content }])).evaluate(event, (match) =>
    drafts.push(draftAlert(match, event, 'node-1', createNameSource())),
  );
  const [only] = drafts;
  assert.ok(only !== undefined);
  return only;
}

test('an alert does not have the environment of its process', () => {
  assert.doesNotMatch(JSON.stringify(draft('started %proc.name')), /s3cret/);
});

test('a rule that prints the environment has it in its message and nowhere else', () => {
  const { message, outputFields, ...rest } = draft('env=%proc.env');
  assert.match(message, /TOKEN=s3cret/);
  assert.match(String(outputFields['proc.env']), /TOKEN=s3cret/);
  assert.doesNotMatch(JSON.stringify(rest), /s3cret/);
});
