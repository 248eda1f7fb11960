// Where in a rule file a cursor stands, and so what may be written there. Pure: text in, facts out.

export type Slot =
  | 'item-key'
  | 'condition'
  | 'output'
  | 'priority'
  | 'source'
  | 'tag'
  | 'boolean'
  | 'fields'
  | 'comps'
  | 'list-items'
  | 'nothing';

export interface CursorContext {
  readonly slot: Slot;
  /** The word before the cursor, and where it starts. */
  readonly word: string;
  readonly from: number;
  /** In a condition: the field that the word is compared with, and the operator, where they stand before it. */
  readonly field: string;
  readonly operator: string;
  /** The source of the rule that the cursor is in. */
  readonly source: string;
}

const KEY = /^(\s*)(- +)?([\w-]+):(?:\s|$)/;

const SLOTS: Readonly<Record<string, Slot>> = {
  condition: 'condition',
  output: 'output',
  priority: 'priority',
  source: 'source',
  tags: 'tag',
  enabled: 'boolean',
  append: 'boolean',
  capture: 'boolean',
  'skip-if-unknown-filter': 'boolean',
  warn_evttypes: 'boolean',
  fields: 'fields',
  comps: 'comps',
  items: 'list-items',
};

const WORDS: Readonly<Partial<Record<Slot, RegExp>>> = {
  condition: /[\w.-]*$/,
  output: /%?\d*[\w.]*$/,
  fields: /[\w.]*$/,
  comps: /[\w!=<>]*$/,
  'item-key': /[\w-]*$/,
};

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The key whose value the end of `lines` is in: of the last line, or of the nearest one above that is less indented. */
function keyAt(lines: readonly string[]): { readonly key: string; readonly line: number } | undefined {
  let limit = Number.POSITIVE_INFINITY;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const match = KEY.exec(line);
    const indent = indentOf(line) + (match?.[2]?.length ?? 0);
    if (match !== null && (at === lines.length - 1 || indent < limit))
      return { key: match[3] ?? '', line: at };
    if (match === null && at === lines.length - 1) limit = indentOf(line);
    else limit = Math.min(limit, indentOf(line));
  }
  return undefined;
}

/** Everything that completion must know of the cursor at `offset`. */
export function cursorContext(text: string, offset: number): CursorContext {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  const line = lines.at(-1) ?? '';
  const slot = slotAt(lines, line);
  const word = (WORDS[slot] ?? /[\w.-]*$/).exec(line)?.[0] ?? '';
  const head = line.slice(0, line.length - word.length);
  const compared =
    /([a-z]\w*(?:\.\w+)+(?:\[[^\]]*\])?)\s*(==|!=|<=|>=|[=<>]|\b[a-z]+)?\s*(?:\(([^()]*,)?\s*)?$/.exec(head);
  return {
    slot,
    word,
    from: offset - word.length,
    field: slot === 'condition' ? (compared?.[1] ?? '') : '',
    operator: slot === 'condition' ? (compared?.[2] ?? '') : '',
    source: sourceAt(text, lines.length - 1),
  };
}

function slotAt(lines: readonly string[], line: string): Slot {
  if (line.trimStart().startsWith('#')) return 'nothing';
  if (/^(?:- ?)?[\w-]*$/.test(line) || /^ {2}[\w-]*$/.test(line)) {
    const above = keyAt(lines.slice(0, -1));
    const aboveLine = lines[above?.line ?? -1] ?? '';
    const inBlock =
      above !== undefined && /[>|][-+]?\s*$/.test(aboveLine) && indentOf(aboveLine) < indentOf(line);
    if (!inBlock) return 'item-key';
  }
  const key = keyAt(lines);
  if (key === undefined) return 'nothing';
  return SLOTS[key.key] ?? 'nothing';
}

/** `source:` of the item around a line; `syscall` when it has none. */
function sourceAt(text: string, line: number): string {
  const lines = text.split('\n');
  let start = line;
  while (start > 0 && !(lines[start] ?? '').startsWith('- ')) start -= 1;
  for (let at = start; at < lines.length; at += 1) {
    if (at > start && (lines[at] ?? '').startsWith('- ')) break;
    const match = /^(?:- | {2})source:\s*([\w-]+)/.exec(lines[at] ?? '');
    if (match !== null) return match[1] ?? 'syscall';
  }
  return 'syscall';
}
