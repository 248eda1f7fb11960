// Rules and allowances that users write in `.guardcell.yaml`, after reading.
import type { Severity } from '@guardcell/core';
import type { RE2JS } from 're2js';

/** The pattern is matched within the lines that hold one of the keywords. */
export interface CustomRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly keywords: readonly string[];
  /** RE2 syntax; the first group is the secret, or the whole match without groups. */
  readonly pattern: RE2JS;
  readonly minEntropy: number;
}

/** Findings that meet every given condition are shown as suppressed. */
export interface AllowRule {
  readonly reason: string;
  /** Rule ids; empty: all. */
  readonly rules: readonly string[];
  /** Any of them matches the path; empty: all. */
  readonly paths: readonly RE2JS[];
  /** Any of them matches the secret; empty: all. */
  readonly values: readonly RE2JS[];
  /** Last day, `2027-01-31`; empty: for ever. */
  readonly until: string;
}

export interface SecretSettings {
  readonly rules: readonly CustomRule[];
  readonly allow: readonly AllowRule[];
  /** Ids of built-in rules that are not used. */
  readonly disabled: ReadonlySet<string>;
}

export const DEFAULT_SETTINGS: SecretSettings = { rules: [], allow: [], disabled: new Set() };
