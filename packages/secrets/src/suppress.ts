// Why a finding does not count although it is shown: comments, material of tests, rules of the user.
import type { SecretFinding } from '@guardcell/core';
import type { AllowRule } from './custom-rule.ts';
import { isTestMaterial } from './file-kind.ts';

type Suppressed = NonNullable<SecretFinding['suppressed']>;

/** A line with this word is accepted by whoever wrote it. */
const INLINE = 'guardcell:allow';
/** Keys and passwords made for tests are of these kinds; tokens of services are reported wherever they are. */
const FIXTURE_RULES =
  /^(?:generic-|private-key|jwk|jwt|password-hash|authorization-|http-url|database-url|directory-|file-transfer|message-broker|curl-|netrc-|docker-login|sshpass-|mysql-|redis-cli-|jdbc-|connection-string)/;

export interface Judged {
  readonly rule: string;
  readonly path: string;
  readonly secret: string;
  readonly line: string;
}

function allows(rule: AllowRule, finding: Judged, today: string): boolean {
  if (rule.until !== '' && rule.until < today) return false;
  if (rule.rules.length > 0 && !rule.rules.includes(finding.rule)) return false;
  if (rule.paths.length > 0 && !rule.paths.some((path) => path.matcher(finding.path).find())) return false;
  return rule.values.length === 0 || rule.values.some((value) => value.matcher(finding.secret).find());
}

/** The first reason to suppress the finding, or undefined. `today` as `2027-01-31`; empty when rules never end. */
export function suppressionOf(
  finding: Judged,
  allow: readonly AllowRule[],
  today: string,
): Suppressed | undefined {
  const rule = allow.find((candidate) => allows(candidate, finding, today));
  if (rule !== undefined) {
    const until = rule.until === '' ? {} : { until: rule.until };
    return { by: 'allow rule', reason: rule.reason, ...until };
  }
  if (finding.line.includes(INLINE)) return { by: 'comment', reason: `The line says ${INLINE}.` };
  if (!FIXTURE_RULES.test(finding.rule) || !isTestMaterial(finding.path)) return undefined;
  return { by: 'built-in', reason: 'The path belongs to tests, examples or documentation.' };
}
