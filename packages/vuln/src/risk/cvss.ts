// The base score of a CVSS vector of any version, and the severity that a score stands for.
import type { Severity } from '@guardcell/core';
import { readMetrics } from './cvss-metrics.ts';
import { cvss2 } from './cvss2.ts';
import { cvss3 } from './cvss3.ts';
import { cvss4 } from './cvss4.ts';

const MAX_LENGTH = 256;

/**
 * Base score, 0–10; undefined for texts that are no complete vector. Temporal and environmental metrics do not count.
 * @example cvssScore('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H') // 9.8
 */
export function cvssScore(vector: string): number | undefined {
  if (vector.length > MAX_LENGTH) return undefined;
  // NVD wrote version 2 vectors in parentheses.
  const [, version, rest] =
    /^(?:CVSS:(\d\.\d)\/)?(.+)$/.exec(vector.trim().replace(/^\((.*)\)$/, '$1')) ?? [];
  const metrics = rest === undefined ? undefined : readMetrics(rest);
  if (metrics === undefined) return undefined;
  switch (version) {
    case '4.0':
      return cvss4(metrics);
    case '3.1':
      return cvss3(metrics, '1');
    case '3.0':
      return cvss3(metrics, '0');
    case '2.0':
    case undefined:
      return cvss2(metrics);
    default:
      return undefined;
  }
}

/** The qualitative scale of CVSS 3 and 4; 0 is `info`. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}
