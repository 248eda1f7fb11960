// Tokens of the language.

export type TokenKind =
  | 'identifier'
  | 'quoted' // `field-name` after a dot
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'operator'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Name, digits, operator, or the decoded content of a string. */
  readonly text: string;
  /** Content of a `bytes` literal. */
  readonly bytes?: Uint8Array;
  readonly offset: number;
  readonly end: number;
}
