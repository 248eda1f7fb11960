import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_NAMES } from './commands.ts';
import { unknownCommandHint } from './unknown-command.ts';

const hint = (line: string): string => unknownCommandHint(line.split(' '), COMMAND_NAMES);

test('calls of other scanners are answered with the call of this one', () => {
  assert.equal(hint('image nginx'), "Did you mean 'guardcell scan image'?");
  assert.equal(hint('fs .'), "Did you mean 'guardcell scan fs'?");
  assert.equal(hint('scan rootfs /srv'), "Did you mean 'guardcell scan fs'?");
  assert.equal(hint('config .'), "Did you mean 'guardcell scan fs DIR --only misconfig'?");
  assert.equal(hint('nginx:1.27'), 'To scan it: guardcell scan image nginx:1.27');
  assert.equal(hint('scan docker:web:latest'), 'To scan it: guardcell scan image docker:web:latest');
  assert.equal(hint('scan registry:ghcr.io/a/b'), 'To scan it: guardcell scan image ghcr.io/a/b');
  assert.equal(hint('dir:.'), 'To scan it: guardcell scan fs .');
  assert.equal(hint('scan sbom:bom.json'), 'To scan it: guardcell scan sbom bom.json');
  assert.equal(hint('scan ./app'), 'To scan it: guardcell scan fs ./app');
});

test('slips are answered with the nearest command, others with what there is', () => {
  assert.match(hint('scan imgae'), /^Did you mean 'scan image'\? There is: scan container/);
  assert.equal(hint('evnts list'), "Did you mean 'events list'?");
  assert.match(hint('db zzzzzz'), /^There is: db build/);
  assert.equal(hint('constructor'), 'guardcell help lists them.');
});
