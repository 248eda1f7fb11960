// Secrets found in history: each once, with the first commit that held it.
import type { SecretFinding } from '@guardcell/core';
import { secretDigest } from '../secret-digest.ts';
import type { AddedBlob } from './added-blobs.ts';

export interface HistoryFindings {
  /** Oldest first. */
  add(finding: SecretFinding, secret: Uint8Array, where: AddedBlob): void;
  /** Findings beyond the limit. */
  readonly dropped: number;
  result(): {
    readonly removed: readonly SecretFinding[];
    readonly introduced: ReadonlyMap<string, Pick<SecretFinding, 'commit' | 'commitDate'>>;
  };
}

const MAX_FINDINGS = 20_000;

/** @param inTree digests of secrets that the work tree holds: those are found there, only their origin is of interest */
export function createHistoryFindings(inTree: ReadonlySet<string>): HistoryFindings {
  const known = new Map<string, number>();
  const removed: SecretFinding[] = [];
  const introduced = new Map<string, Pick<SecretFinding, 'commit' | 'commitDate'>>();
  let dropped = 0;
  return {
    get dropped() {
      return dropped;
    },
    add(finding, secret, { commit, date }) {
      const digest = secretDigest(finding.rule, secret);
      const origin = { commit, ...(date === '' ? {} : { commitDate: date }) };
      if (inTree.has(digest)) {
        if (!introduced.has(digest)) introduced.set(digest, origin);
        return;
      }
      const before = known.get(digest);
      if (before !== undefined) {
        // Where it was first is accepted, but not where it went: that one is told.
        if (removed[before]?.suppressed !== undefined && finding.suppressed === undefined) {
          removed[before] = { ...finding, ...origin, removed: true };
        }
        return;
      }
      if (removed.length >= MAX_FINDINGS) {
        dropped += 1;
        return;
      }
      known.set(digest, removed.length);
      removed.push({ ...finding, ...origin, removed: true });
    },
    result: () => ({ removed, introduced }),
  };
}
