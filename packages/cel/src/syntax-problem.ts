// What lexer and parser throw; `compile` turns it into a problem with line and column.

export class SyntaxProblem {
  readonly message: string;
  readonly offset: number;
  readonly hint: string;

  constructor(message: string, offset: number, hint = '') {
    this.message = message;
    this.offset = offset;
    this.hint = hint;
  }
}

/** 1-based line and column of an offset; a column counts UTF-16 units. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, Math.max(0, offset));
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
