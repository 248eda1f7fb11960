// Rules that some machines can never trigger, held to the event that would: the official file, unmodified, decides.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEngine, type EventSpec, loadRules, syntheticEvent } from '@guardcell/rules';
import { OFFICIAL_RULES } from './official-bench.ts';

const skip = existsSync(OFFICIAL_RULES) ? false : 'the official rule files are not beside this checkout';

test('a module loaded in a container with CAP_SYS_MODULE is found, without it or on the host not', {
  skip,
}, () => {
  const name = 'falco_rules.yaml';
  const content = readFileSync(join(OFFICIAL_RULES, name), 'utf8');
  const engine = createEngine(loadRules([{ name, content }]));
  function fired(
    type: string,
    container: NonNullable<EventSpec['container']>,
    capabilities: readonly string[],
  ): boolean {
    const process = { name: 'insmod', exePath: '/sbin/insmod', capabilities };
    const rules: string[] = [];
    engine.evaluate(syntheticEvent({ type, container, process }), ({ rule }) => rules.push(rule.name));
    return rules.includes('Linux Kernel Module Injection Detected');
  }
  for (const type of ['init_module', 'finit_module']) {
    assert.equal(fired(type, {}, ['CAP_SYS_MODULE']), true, type);
    assert.equal(fired(type, {}, ['CAP_CHOWN']), false, type);
    assert.equal(fired(type, 'host', ['CAP_SYS_MODULE']), false, type);
  }
});
