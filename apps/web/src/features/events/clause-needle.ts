// Which part of an event's value made a clause of the rule hold, so that it can be marked. Pure.
import type { MatchedClause } from '@guardcell/core';

function unquoted(text: string): string {
  return text.trim().replace(/^["']|["']$/g, '');
}

/** The text to mark in `actual`; empty where nothing in it stands for what the rule says. */
export function clauseNeedle(clause: MatchedClause): string {
  const { operator, actual } = clause;
  if (operator.startsWith('not ') || operator === '!=') return '';
  const whole = unquoted(clause.expected);
  const list = clause.expected.trim().replace(/^\(|\)$/g, '');
  const wanted = [whole, ...list.split(',').map(unquoted)].filter((one) => one !== '');
  const lower = actual.toLowerCase();
  const contained = wanted.filter((one) => lower.includes(one.toLowerCase()));
  // `open` also occurs in `openat`: the value that says most is the one that matched.
  return contained.reduce((best, one) => (one.length > best.length ? one : best), '');
}
