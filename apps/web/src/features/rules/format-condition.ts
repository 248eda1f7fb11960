// Breaks a condition into lines at its outer `and` and `or`, so that people can read it. Changes nothing but blanks.

const INDENT = '  ';
const MAX_LINE = 72;

interface Token {
  readonly text: string;
  readonly kind: 'open' | 'close' | 'word';
  /** Blanks stand before it. */
  readonly spaced: boolean;
}

/** Quoted texts, parentheses, and runs of everything else. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()]|[^\s()"']+/g;

/**
 * The condition with a line for each part that `and` or `or` joins, groups indented. Parentheses of value lists stay on
 * their line. A text with unbalanced parentheses is given back as it is.
 */
export function formatCondition(source: string): string {
  const tokens = [...source.matchAll(TOKEN)].map(
    ({ 0: text, index }): Token => ({
      text,
      kind: text === '(' ? 'open' : text === ')' ? 'close' : 'word',
      spaced: /\s/.test(source[index - 1] ?? ''),
    }),
  );
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  /** For each open parenthesis: whether it is a group of conditions, and so has lines of its own. */
  const groups: boolean[] = [];
  const flush = (): void => {
    if (line.trim() !== '') lines.push(INDENT.repeat(Math.max(0, depth)) + line.trim());
    line = '';
  };
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'open') {
      const isGroup = joins(tokens, at);
      groups.push(isGroup);
      line += token.spaced ? ' (' : '(';
      if (isGroup) {
        flush();
        depth += 1;
      }
      continue;
    }
    if (token.kind === 'close') {
      const isGroup = groups.pop();
      if (isGroup === undefined) return source;
      if (isGroup) {
        flush();
        depth -= 1;
      }
      line += ')';
      continue;
    }
    const isJoint = /^(?:and|or)$/i.test(token.text) && groups.at(-1) !== false;
    if (isJoint) flush();
    line += token.spaced ? ` ${token.text}` : token.text;
  }
  flush();
  if (groups.length > 0) return source;
  const single = source.trim().replace(/\s+/g, ' ');
  return single.length <= MAX_LINE ? single : lines.join('\n');
}

/** Whether the parenthesis at `at` encloses parts joined by `and` or `or`. */
function joins(tokens: readonly Token[], at: number): boolean {
  let depth = 0;
  for (const token of tokens.slice(at)) {
    if (token.kind === 'open') depth += 1;
    else if (token.kind === 'close') depth -= 1;
    else if (depth === 1 && /^(?:and|or)$/i.test(token.text)) return true;
    if (depth === 0) return false;
  }
  return false;
}
