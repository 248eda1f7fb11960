// Tries a user's rule on the line around a keyword.
import type { CustomRule } from './custom-rule.ts';
import { entropyOf } from './entropy.ts';
import type { Match } from './match.ts';
import { isPlaceholder } from './placeholder.ts';

/** Bytes before and behind the keyword that are looked at. */
const REACH = 1_000;

/** All secrets that the rule finds on the line of the keyword; linear in the length of the reach. */
export function matchCustomRule(rule: CustomRule, bytes: Uint8Array, keywordStart: number): Match[] {
  const newline = keywordStart > 0 ? bytes.lastIndexOf(10, keywordStart - 1) : -1;
  const from = Math.max(newline + 1, keywordStart - REACH);
  const lineEnd = bytes.subarray(keywordStart, keywordStart + REACH).indexOf(10);
  const to = lineEnd < 0 ? Math.min(bytes.length, keywordStart + REACH) : keywordStart + lineEnd;
  // One character for each byte, so that offsets agree.
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] ?? 0);
  const matcher = rule.pattern.matcher(text);
  const found: Match[] = [];
  while (matcher.find()) {
    const group = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
    const start = from + matcher.start(group);
    const end = from + matcher.end(group);
    if (end === start || entropyOf(bytes, start, end) < rule.minEntropy) continue;
    if (isPlaceholder(text.slice(start - from, end - from))) continue;
    found.push({
      rule: rule.id,
      title: rule.title,
      severity: rule.severity,
      generic: false,
      at: start,
      start,
      end,
    });
  }
  return found;
}
