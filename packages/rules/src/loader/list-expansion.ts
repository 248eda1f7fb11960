// Lists: resolved among each other, then put into the text of conditions before it is parsed.
import type { ListDefinition } from './collect.ts';
import { quoteWord } from './quote.ts';

const MAX_ITEMS = 200_000;
const MAX_TEXT_LENGTH = 8 * 1024 * 1024;

export interface ResolvedLists {
  readonly items: ReadonlyMap<string, readonly string[]>;
  /** Where each list stands in the order of definition. */
  readonly order: ReadonlyMap<string, number>;
  /** Lists that grew beyond all bounds, and are therefore cut. */
  readonly oversized: readonly string[];
  readonly used: Set<string>;
  /** Items that are names of lists and yet stay words, by the list that has them. */
  readonly leftAsWords: Map<string, string>;
}

/**
 * Puts the items of earlier lists in place of their names, one level deep. What those items name in turn is replaced
 * in conditions only, and only by lists that are defined later: conditions go through the lists once, in order.
 */
export function resolveLists(lists: ReadonlyMap<string, ListDefinition>): ResolvedLists {
  const items = new Map<string, readonly string[]>();
  const oversized: string[] = [];
  const used = new Set<string>();
  for (const list of lists.values()) {
    const resolved: string[] = [];
    for (const item of list.items) {
      const inner = lists.get(item);
      if (inner === undefined || inner.index >= list.visibility) {
        resolved.push(item);
      } else {
        used.add(item);
        for (const value of inner.items) resolved.push(value);
      }
      if (resolved.length > MAX_ITEMS) {
        oversized.push(list.name);
        resolved.length = 0;
        break;
      }
    }
    items.set(list.name, resolved);
  }
  const order = new Map([...lists.keys()].map((name, at) => [name, at]));
  return { items, order, oversized, used, leftAsWords: new Map() };
}

/** Lists within lists within lists; deeper ones keep their names. */
const MAX_CHAIN = 500;

/** The words that stand for a list in a condition; undefined when there are too many. */
function wordsOf(name: string, lists: ResolvedLists): readonly string[] | undefined {
  const words: string[] = [];
  const fits = addWords(name, lists, words, 0);
  return fits ? words : undefined;
}

function addWords(name: string, lists: ResolvedLists, words: string[], depth: number): boolean {
  const position = lists.order.get(name) ?? 0;
  lists.used.add(name);
  for (const item of lists.items.get(name) ?? []) {
    const inner = lists.order.get(item);
    if (inner !== undefined && inner > position && depth < MAX_CHAIN) {
      if (!addWords(item, lists, words, depth + 1)) return false;
      continue;
    }
    if (inner !== undefined && inner < position) lists.leftAsWords.set(name, item);
    words.push(quoteWord(item));
    if (words.length > MAX_ITEMS) return false;
  }
  return true;
}

export interface ExpandedText {
  readonly text: string;
  /** Offset in the text before expansion that corresponds to an offset after it. */
  originalOffset(offset: number): number;
}

const WORD = /[^\s(),=]+/g;

/** Undefined when the result would be too long. */
export function expandLists(text: string, lists: ResolvedLists): ExpandedText | undefined {
  const edits: { readonly at: number; readonly shift: number }[] = [];
  let out = '';
  let copied = 0;
  for (const match of text.matchAll(WORD)) {
    if (!lists.items.has(match[0])) continue;
    const words = wordsOf(match[0], lists);
    if (words === undefined) return undefined;
    out += text.slice(copied, match.index);
    copied = match.index + match[0].length;
    if (words.length > 0) {
      out += words.join(', ');
    } else if (/,\s*$/.test(out)) {
      out = out.replace(/,\s*$/, '');
    } else {
      copied += /^\s*,/.exec(text.slice(copied, copied + MAX_COMMA_DISTANCE))?.[0].length ?? 0;
    }
    if (out.length > MAX_TEXT_LENGTH) return undefined;
    edits.push({ at: out.length, shift: copied - out.length });
  }
  out += text.slice(copied);
  return {
    text: out,
    originalOffset: (offset) => {
      const edit = edits.findLast((candidate) => candidate.at <= offset);
      const next = edits.find((candidate) => candidate.at > offset);
      const shifted = offset + (edit?.shift ?? 0);
      return next === undefined ? shifted : Math.min(shifted, next.at + next.shift);
    },
  };
}

const MAX_COMMA_DISTANCE = 1000;
