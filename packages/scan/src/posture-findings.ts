// What checks found in one document, for a report.
import type { MisconfigurationFinding } from '@guardcell/core';
import type { PostureResult } from '@guardcell/posture';

/** Of more hits than are listed the last one says how many there are. */
export function findingsOf({ findings, problems }: PostureResult): readonly MisconfigurationFinding[] {
  const told = problems.map(({ message }) => message).join('; ');
  return told === ''
    ? findings
    : findings.map((one, i) =>
        i === findings.length - 1 ? { ...one, message: `${one.message}; ${told}` } : one,
      );
}
