// What an alert from scanning is about, as its fields say.
import type { Alert } from '@guardcell/core';

export const SCAN_SOURCE = 'scan';

/** What the alert is about, as its fields say; empty where it does not. */
export function scanFacts({ outputFields }: Pick<Alert, 'outputFields'>): {
  readonly artifact: string;
  readonly artifactName: string;
  readonly vulnerabilities: readonly string[];
  readonly package: string;
} {
  const text = (name: string): string => {
    const value = outputFields[name];
    return typeof value === 'string' ? value : '';
  };
  const one = text('vulnerability.id');
  const many = outputFields['vulnerability.ids'];
  return {
    artifact: text('artifact.id'),
    artifactName: text('artifact.name'),
    vulnerabilities: one === '' ? (Array.isArray(many) ? many : []) : [one],
    package: text('vulnerability.package'),
  };
}
