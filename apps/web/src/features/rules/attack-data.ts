// Names and places of ATT&CK techniques: data of the product, built into files beside the console's own.
import { queryOptions } from '@tanstack/react-query';
import { unreachable } from '../../api/api-error.ts';
import type { Tactic, Technique } from './matrix.ts';

export interface AttackData {
  /** Of ATT&CK. */
  readonly version: string;
  readonly tactics: readonly Tactic[];
  /** Those of the containers matrix. */
  readonly listed: readonly Technique[];
  /** Every technique that built-in rules name, with sub-techniques. */
  readonly known: readonly Technique[];
}

// Vite sees these addresses when it builds, and puts the files there.
const NAMES = new URL('../../../../../content/mitre/attack.json', import.meta.url);
const MATRIX = new URL('../../../../../content/mitre/containers-matrix.json', import.meta.url);

async function load(address: URL, signal: AbortSignal): Promise<unknown> {
  try {
    const response = await fetch(address, { signal });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable(error);
  }
}

// The library's type names the result; written out it would say the same again.
/* oxlint-disable typescript/explicit-module-boundary-types */
export const attackQuery = queryOptions({
  queryKey: ['attack'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<AttackData> => {
    const [names, matrix] = await Promise.all([load(NAMES, signal), load(MATRIX, signal)]);
    const { tactics, techniques: known } = names as { tactics: Tactic[]; techniques: Technique[] };
    const { version, techniques: listed } = matrix as { version: string; techniques: Technique[] };
    return { version, tactics, listed, known };
  },
});
