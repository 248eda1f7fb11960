// OpenVEX drafts from what a sensor saw: what a person may approve, until the evidence is old.
import type { OpenVexJustification, VulnerabilityFinding } from '@guardcell/core';

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
  /** Day after which the evidence is too old to approve, `YYYY-MM-DD`. */
  readonly until: string;
}

/** How the notes of a proposed statement begin; whoever approves takes it away. */
export const DRAFT_MARK = 'DRAFT, approved by nobody.';

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

/**
 * What was never touched and is not suppressed, each as the statement that a person may approve. The notes say that
 * nobody has yet, and such statements silence nothing when they are read.
 */
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
      .filter(({ suppressed, inUse }) => suppressed === undefined && inUse === 'untouched')
      .map((finding) => statement(finding, options)),
  };
}

function statement(finding: VulnerabilityFinding, options: DraftOptions): OpenVexStatement {
  return {
    vulnerability: {
      name: finding.id,
      ...(finding.aliases.length > 0 && { aliases: finding.aliases }),
    },
    products: [{ '@id': options.product, subcomponents: [{ '@id': finding.package }] }],
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    impact_statement: `No file of the package was opened, loaded or executed (${options.observed}).`,
    status_notes: `${DRAFT_MARK} Proposed from what sensors saw: ${options.observed}. To be decided on again after ${options.until} or when the digest changes.`,
  };
}
