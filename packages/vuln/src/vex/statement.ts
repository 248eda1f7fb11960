// What a VEX document says, whatever its format: a status for vulnerabilities in products.

/** The statuses that all formats share. */
export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

/** A product, and the parts of it that are meant; without parts the whole of it. */
export interface VexProduct {
  /** purl, or another identifier as written; empty for every product. */
  readonly id: string;
  /** purls of components within. */
  readonly parts: readonly string[];
}

export interface VexStatement {
  /** Name of the document, for `suppressed.by`. */
  readonly document: string;
  /** Ids and aliases of the vulnerability. */
  readonly ids: readonly string[];
  readonly products: readonly VexProduct[];
  readonly status: VexStatus;
  /** Machine readable: `vulnerable_code_not_in_execute_path` …; empty where there is none. */
  readonly justification: string;
  /** For people. */
  readonly detail: string;
  /** ISO time; later statements overrule earlier ones. */
  readonly timestamp: string;
}

/** Why a document or a part of it was not taken. */
export interface VexReading {
  readonly statements: readonly VexStatement[];
  readonly problems: readonly string[];
}
