// Word search with exactly the tokens of core. The index is given finished tokens and only splits them at spaces: its
// `ascii` tokenizer takes ASCII letters, digits and everything beyond ASCII as parts of words and folds ASCII case only.
import { createHash } from 'node:crypto';
import { type Alert, searchText, tokensOf } from '@guardcell/core';

// Engines cut very long tokens; beyond this length a digest stands for the token.
const LONGEST = 100;
const TOKEN = /^[\p{L}\p{N}]+$/u;

function indexed(token: string): string {
  return token.length <= LONGEST ? token : `long${createHash('sha256').update(token).digest('hex')}`;
}

/** Each token of an alert once, separated by spaces. */
export function indexText(alert: Alert): string {
  return [...new Set(tokensOf(searchText(alert)))].map(indexed).join(' ');
}

/** The match expression for words that must all occur; undefined when no alert can have one of them. */
export function matchExpression(words: readonly string[]): string | undefined {
  if (words.some((word) => !TOKEN.test(word) || word !== word.toLowerCase())) return undefined;
  return [...new Set(words)].map((word) => `"${indexed(word)}"`).join(' AND ');
}
