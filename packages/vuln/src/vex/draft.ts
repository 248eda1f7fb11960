// OpenVEX drafts from what a sensor saw. A draft claims nothing until a person has approved it, and it expires.
import type { VulnerabilityFinding } from '@guardcell/core';

export interface DraftOptions {
  /** IRI of the document. */
  readonly id: string;
  readonly author: string;
  /** ISO time of writing. */
  readonly timestamp: string;
  /** purl or reference with digest of what was scanned: evidence holds for these bytes only. */
  readonly product: string;
  /** What was watched: `12 pods, 9 days`. */
  readonly observed: string;
  /** Last day on which the statements may be relied on, `YYYY-MM-DD`. */
  readonly until: string;
  /** Who approved; without, findings that were never touched are only under investigation. */
  readonly approvedBy?: string;
  /**
   * Only what was never touched, each as the statement that a person may approve. The notes say that nobody has yet:
   * such a document is for reading and deciding, not for handing on.
   */
  readonly propose?: boolean;
}

/** Justifications of OpenVEX for `not_affected`. */
export type OpenVexJustification =
  | 'component_not_present'
  | 'vulnerable_code_not_present'
  | 'vulnerable_code_not_in_execute_path'
  | 'vulnerable_code_cannot_be_controlled_by_adversary'
  | 'inline_mitigations_already_exist';

export interface OpenVexStatement {
  readonly vulnerability: { readonly name: string; readonly aliases?: readonly string[] };
  readonly products: readonly {
    readonly '@id': string;
    readonly subcomponents: readonly { readonly '@id': string }[];
  }[];
  readonly status: 'not_affected' | 'affected' | 'under_investigation';
  readonly justification?: OpenVexJustification;
  readonly impact_statement?: string;
  readonly action_statement?: string;
  readonly status_notes?: string;
  /** ISO time, where it is not that of the document. */
  readonly timestamp?: string;
}

export interface OpenVexDocument {
  readonly '@context': 'https://openvex.dev/ns/v0.2.0';
  readonly '@id': string;
  readonly author: string;
  readonly timestamp: string;
  readonly version: 1;
  readonly statements: readonly OpenVexStatement[];
}

/** One statement for each finding that is not suppressed; those never touched are what there is to approve. */
export function draftOpenVex(
  findings: readonly VulnerabilityFinding[],
  options: DraftOptions,
): OpenVexDocument {
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': options.id,
    author: options.author,
    timestamp: options.timestamp,
    version: 1,
    statements: findings
      .filter(({ suppressed }) => suppressed === undefined)
      .filter(({ inUse }) => options.propose !== true || inUse === 'untouched')
      .map((finding) => statement(finding, options)),
  };
}

function statement(finding: VulnerabilityFinding, options: DraftOptions): OpenVexStatement {
  const about = {
    vulnerability: {
      name: finding.id,
      ...(finding.aliases.length > 0 && { aliases: finding.aliases }),
    },
    products: [{ '@id': options.product, subcomponents: [{ '@id': finding.package }] }],
  };
  if (finding.inUse !== 'untouched')
    return {
      ...about,
      status: 'affected',
      action_statement:
        finding.fixed === ''
          ? 'There is no fixed version yet.'
          : `Upgrade ${finding.packageName} from ${finding.installed} to ${finding.fixed}.`,
    };
  const evidence = `No file of the package was opened, loaded or executed (${options.observed}).`;
  if (options.propose === true)
    return {
      ...about,
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      impact_statement: evidence,
      status_notes: `DRAFT, approved by nobody. Proposed from what sensors saw: ${options.observed}. To be decided on again after ${options.until} or when the digest changes.`,
    };
  if (options.approvedBy === undefined)
    return { ...about, status: 'under_investigation', status_notes: `Draft: ${evidence} Not approved.` };
  return {
    ...about,
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    impact_statement: evidence,
    status_notes: `Approved by ${options.approvedBy}; holds until ${options.until} for this digest.`,
  };
}
