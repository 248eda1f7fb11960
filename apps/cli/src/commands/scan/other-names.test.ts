// Options of other scanners: each is told what does the same here, with options that the command has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanImage } from './scan-image.ts';
import { scanRegistryCommand } from './scan-registry.ts';
import { scanContainer, scanFs, scanHost, scanRepo, scanSbom } from './scan-trees.ts';

const COMMANDS = [scanImage, scanRegistryCommand, scanFs, scanRepo, scanHost, scanContainer, scanSbom];

test('what is told instead are options of the command itself', () => {
  for (const { name, options, otherNames = {} } of COMMANDS) {
    assert.notDeepEqual(otherNames, {}, name);
    for (const [other, hint] of Object.entries(otherNames)) {
      for (const [, option = ''] of hint.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g))
        assert.ok(Object.hasOwn(options, option), `${name}: the hint of ${other} names --${option}`);
    }
  }
});
