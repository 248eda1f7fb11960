// Lists: resolved among each other, then put into the text of conditions before it is parsed.
import type { ListDefinition } from './collect.ts';
import { quoteWord } from './quote.ts';

const MAX_ITEMS = 200_000;
export const MAX_TEXT_LENGTH = 8 * 1024 * 1024;

export interface ResolvedLists {
  readonly items: ReadonlyMap<string, readonly string[]>;
  /** Lists that grew beyond all bounds, and are therefore cut. */
  readonly oversized: readonly string[];
  readonly used: Set<string>;
}

/** Puts the items of earlier lists in place of their names. A list sees only what was defined before it. */
export function resolveLists(lists: ReadonlyMap<string, ListDefinition>): ResolvedLists {
  const items = new Map<string, readonly string[]>();
  const oversized: string[] = [];
  const used = new Set<string>();
  const open = new Set<string>();
  const resolve = (list: ListDefinition): readonly string[] => {
    const known = items.get(list.name);
    if (known !== undefined) return known;
    open.add(list.name);
    const resolved: string[] = [];
    for (const item of list.items) {
      const inner = lists.get(item);
      if (inner === undefined || inner.index >= list.visibility || open.has(item)) resolved.push(item);
      else {
        used.add(item);
        for (const value of open.size > MAX_CHAIN ? inner.items : resolve(inner)) resolved.push(value);
      }
      if (resolved.length > MAX_ITEMS) {
        oversized.push(list.name);
        resolved.length = 0;
        break;
      }
    }
    open.delete(list.name);
    items.set(list.name, resolved);
    return resolved;
  };
  for (const list of lists.values()) resolve(list);
  return { items, oversized, used };
}

/** Lists within lists within lists; deeper ones keep their names. */
const MAX_CHAIN = 500;

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
    const items = lists.items.get(match[0]);
    if (items === undefined) continue;
    lists.used.add(match[0]);
    out += text.slice(copied, match.index);
    copied = match.index + match[0].length;
    if (items.length > 0) {
      out += items.map(quoteWord).join(', ');
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
