// Macros: parsed once, put in place of their names as shared trees. Order decides what a macro may use.
import { nearestName } from '@guardcell/core';
import type { Expression } from '../language/ast.ts';
import { parseCondition } from '../language/parser.ts';
import type { MacroDefinition } from './collect.ts';
import { type ExpandedText, expandLists, type ResolvedLists } from './list-expansion.ts';
import { addError, type Problems } from './problems.ts';
import { placeAt, type SourceText } from './source-text.ts';

/** Nesting of a whole condition with its macros: walks over it are recursive. */
const MAX_TREE_DEPTH = 1000;
/** Leaves of a condition, macros counted as often as they are used. */
const MAX_TREE_SIZE = 2_000_000;

export interface ParsedText {
  readonly expression: Expression;
  readonly source: SourceText;
  readonly expanded: ExpandedText;
}

export interface Macros {
  readonly parsed: ReadonlyMap<string, ParsedText>;
  readonly definitions: ReadonlyMap<string, MacroDefinition>;
  readonly resolved: Map<string, Expression | undefined>;
  readonly used: Set<string>;
  readonly measures: Map<Expression, Measure>;
}

interface Measure {
  readonly depth: number;
  readonly size: number;
}

export type Resolution =
  | { readonly ok: true; readonly expression: Expression }
  | {
      readonly ok: false;
      readonly message: string;
      readonly offset: number;
      readonly hint: string;
    };

/** Replaces lists and parses; undefined (and reported) when the text is not a condition. */
export function parseText(
  source: SourceText,
  suffix: string,
  lists: ResolvedLists,
  item: string,
  problems: Problems,
): ParsedText | undefined {
  const text = suffix === '' ? source.text : `(${source.text})${suffix}`;
  const before = suffix === '' ? 0 : 1;
  const expanded = expandLists(text, lists);
  if (expanded === undefined) {
    const message = 'the condition is too long after its lists are put in';
    addError(problems, 'LOAD_ERR_COMPILE_CONDITION', message, placeAt(source, 0), item);
    return undefined;
  }
  const shifted: ExpandedText = {
    text: expanded.text,
    originalOffset: (offset) => Math.max(0, expanded.originalOffset(offset) - before),
  };
  const parsed = parseCondition(expanded.text);
  if (!parsed.ok) {
    const place = placeAt(source, shifted.originalOffset(parsed.offset));
    const expression = { text: expanded.text, offset: parsed.offset };
    addError(problems, 'LOAD_ERR_COMPILE_CONDITION', parsed.message, { ...place, expression }, item);
    return undefined;
  }
  return { expression: parsed.expression, source, expanded: shifted };
}

export function parseMacros(
  definitions: ReadonlyMap<string, MacroDefinition>,
  lists: ResolvedLists,
  problems: Problems,
): Macros {
  const parsed = new Map<string, ParsedText>();
  for (const macro of definitions.values()) {
    const text = parseText(macro.condition, '', lists, macro.name, problems);
    if (text !== undefined) parsed.set(macro.name, text);
  }
  const macros: Macros = {
    parsed,
    definitions,
    resolved: new Map(),
    used: new Set(),
    measures: new Map(),
  };
  for (const macro of definitions.values()) checkMacro(macro, parsed, macros, problems);
  return macros;
}

/** Reports a macro that refers to something it cannot see; rules that use it then only say that it has errors. */
function checkMacro(
  macro: MacroDefinition,
  parsed: Map<string, ParsedText>,
  macros: Macros,
  problems: Problems,
): void {
  const text = parsed.get(macro.name);
  if (text === undefined) return;
  const resolved = resolveMacros(text.expression, macros, macro.visibility, macro.name);
  if (resolved.ok) return;
  reportUnresolved(resolved, text, macro.name, problems);
  parsed.delete(macro.name);
}

/** Says where in the text the reference stands that cannot be replaced. */
export function reportUnresolved(
  failure: Extract<Resolution, { readonly ok: false }>,
  text: ParsedText,
  item: string,
  problems: Problems,
): void {
  const place = placeAt(text.source, text.expanded.originalOffset(failure.offset));
  const expression = { text: text.expanded.text, offset: failure.offset };
  addError(problems, 'LOAD_ERR_VALIDATE', failure.message, { ...place, expression }, item, failure.hint);
}

/** Replaces references to macros; rules see all of them. `own` is the name of the macro that the text belongs to. */
export function resolveMacros(
  expression: Expression,
  macros: Macros,
  visibility = Infinity,
  own: string | undefined = undefined,
): Resolution {
  try {
    const resolved = resolve(expression, macros, visibility, new Set(own === undefined ? [] : [own]));
    const { depth, size } = measure(resolved, macros.measures);
    if (depth > MAX_TREE_DEPTH || size > MAX_TREE_SIZE) {
      return {
        ok: false,
        message: 'the condition is too large after its macros are put in',
        offset: 0,
        hint: '',
      };
    }
    return { ok: true, expression: resolved };
  } catch (thrown) {
    if (!(thrown instanceof ResolutionFailure)) throw thrown;
    return { ok: false, message: thrown.message, offset: thrown.offset, hint: thrown.hint };
  }
}

class ResolutionFailure extends Error {
  override readonly name: string = 'ResolutionFailure';
  readonly offset: number;
  readonly hint: string;

  constructor(message: string, offset: number, hint = '') {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

function resolve(
  expression: Expression,
  macros: Macros,
  visibility: number,
  open: ReadonlySet<string>,
): Expression {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return {
        ...expression,
        children: expression.children.map((child) => resolve(child, macros, visibility, open)),
      };
    case 'not':
      return { kind: 'not', child: resolve(expression.child, macros, visibility, open) };
    case 'reference':
      return resolveReference(expression.name, expression.span.start, macros, visibility, open);
    default:
      return expression;
  }
}

function resolveReference(
  name: string,
  offset: number,
  macros: Macros,
  visibility: number,
  open: ReadonlySet<string>,
): Expression {
  const definition = macros.definitions.get(name);
  if (definition === undefined || definition.index >= visibility) {
    const near = definition === undefined ? nearestName(name, macros.definitions.keys()) : undefined;
    const later = definition === undefined ? 'no file defines it' : `'${name}' is defined after its use`;
    const hint = near === undefined ? later : `did you mean '${near}'?`;
    throw new ResolutionFailure(`Undefined macro '${name}' used in filter.`, offset, hint);
  }
  macros.used.add(name);
  if (open.has(name)) throw new ResolutionFailure(`reference loop in macro '${name}'`, offset);
  if (open.size >= MAX_TREE_DEPTH) throw new ResolutionFailure('macros nested too deeply', offset);
  const parsed = macros.parsed.get(name);
  if (parsed === undefined) throw new ResolutionFailure(`macro '${name}' has errors`, offset);
  let body = macros.resolved.get(name);
  if (body === undefined) {
    body = {
      kind: 'macro',
      name,
      body: resolveBody(parsed.expression, macros, definition.visibility, new Set([...open, name]), offset),
    };
    const { depth, size } = measure(body, macros.measures);
    if (depth > MAX_TREE_DEPTH || size > MAX_TREE_SIZE) {
      throw new ResolutionFailure(`macro '${name}' is too large`, offset);
    }
    macros.resolved.set(name, body);
  }
  return body;
}

/** What fails inside the macro is reported where it is used: offsets belong to one text. */
function resolveBody(
  expression: Expression,
  macros: Macros,
  visibility: number,
  open: ReadonlySet<string>,
  usedAt: number,
): Expression {
  try {
    return resolve(expression, macros, visibility, open);
  } catch (thrown) {
    if (!(thrown instanceof ResolutionFailure)) throw thrown;
    throw new ResolutionFailure(thrown.message, usedAt, thrown.hint);
  }
}

function measure(expression: Expression, memo: Map<Expression, Measure>): Measure {
  const known = memo.get(expression);
  if (known !== undefined) return known;
  let result: Measure = { depth: 1, size: 1 };
  if (expression.kind === 'not') result = deeper(measure(expression.child, memo));
  else if (expression.kind === 'macro') result = deeper(measure(expression.body, memo));
  else if (expression.kind === 'and' || expression.kind === 'or') {
    let depth = 0;
    let size = 0;
    for (const child of expression.children) {
      const inner = measure(child, memo);
      depth = Math.max(depth, inner.depth);
      size += inner.size;
    }
    result = { depth: depth + 1, size };
  }
  memo.set(expression, result);
  return result;
}

function deeper(inner: Measure): Measure {
  return { depth: inner.depth + 1, size: inner.size };
}
