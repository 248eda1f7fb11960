// The test suite of one official rule file: every rule has an attack, every attack that this machine can run fires.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ensureDocker } from '../../support/docker.ts';
import type { OfficialAttack } from './official-attack.ts';
import { OFFICIAL_RULES, startOfficialBench } from './official-bench.ts';
import { runOfficialAttacks } from './run-official-attacks.ts';

async function reasonToSkip(): Promise<string> {
  if (!existsSync(OFFICIAL_RULES)) return 'the official rule files are not beside this checkout';
  if (process.getuid?.() !== 0) return 'needs root';
  const docker = await ensureDocker();
  return docker.available ? '' : docker.reason;
}

/** Declares the suite for `file`; `part` names it and its containers. */
export async function officialSuite(
  part: string,
  file: string,
  attacks: readonly OfficialAttack[],
): Promise<void> {
  const reason = await reasonToSkip();
  const skip = reason === '' ? false : reason;
  suite(`attacks on the ${part} official rules`, { skip, timeout: 240_000 }, () => {
    test('every rule of the file has its attack', () => {
      const text = readFileSync(join(OFFICIAL_RULES, file), 'utf8');
      const rules = [...text.matchAll(/^- rule: (.+)$/gm)].map((match) => match[1]);
      assert.deepEqual(attacks.map(({ rule }) => rule).toSorted(), rules.toSorted());
    });

    test('each attack makes its rule fire with all facts, and its benign twin does not', async () => {
      await using bench = await startOfficialBench();
      const verdicts = await runOfficialAttacks(bench, attacks, part);
      const run = verdicts.filter(({ notRun }) => notRun === '');
      const complaints = run.flatMap(({ rule, complaints: found }) => found.map((one) => `${rule}: ${one}`));
      console.log(`    ${part}: ${run.length} of ${attacks.length} attacks run`);
      assert.deepEqual(complaints, []);
      assert.ok(run.every(({ firedMs, benignSilent }) => firedMs !== undefined && benignSilent));
    });
  });
}
