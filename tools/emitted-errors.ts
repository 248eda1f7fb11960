// What the code can report: every `GC_…` code in source text with the messages and hints that stand beside it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One place that makes an error; what is put into a text at run time stands in it as `7`. */
export interface EmittedError {
  readonly code: string;
  readonly messages: readonly string[];
  readonly hints: readonly string[];
  readonly file: string;
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };
/** Can be read as a number and as a word. */
const FILLED = '7';
/** Forms of one sentence that are looked at. */
const MOST = 16;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function* nodesIn(value: unknown): Generator<Node, void, undefined> {
  if (Array.isArray(value)) for (const each of value) yield* nodesIn(each);
  else if (isNode(value)) {
    yield value;
    for (const each of Object.values(value)) if (typeof each === 'object') yield* nodesIn(each);
  }
}

function nameOf(value: unknown): string {
  return isNode(value) && value.type === 'Identifier' ? String(value['name']) : '';
}

type Texts = ReadonlyMap<string, readonly string[]>;

/** The sentences an expression can be; none when it comes from elsewhere. */
function textsOf(value: unknown, known: Texts): readonly string[] {
  if (!isNode(value)) return [];
  if (value.type === 'Literal') return typeof value['value'] === 'string' ? [value['value']] : [];
  if (value.type === 'Identifier') return known.get(nameOf(value)) ?? [];
  if (value.type === 'ConditionalExpression') {
    return [...textsOf(value['consequent'], known), ...textsOf(value['alternate'], known)];
  }
  if (value.type !== 'TemplateLiteral') return [];
  const pieces = value['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  const filled = (value['expressions'] as readonly unknown[]).map((each) => textsOf(each, known));
  return pieces.reduce<readonly string[]>(
    (begun, piece, at) => {
      const between = at === 0 ? [''] : (filled[at - 1] ?? []);
      const choices = between.length === 0 ? [FILLED] : between;
      return begun
        .flatMap((text) => choices.map((choice) => text + choice + piece.value.cooked))
        .slice(0, MOST);
    },
    [''],
  );
}

function sentencesBefore(program: Node): Texts {
  const known = new Map<string, readonly string[]>();
  for (const node of nodesIn(program)) {
    if (node.type !== 'VariableDeclarator' && node.type !== 'AssignmentExpression') continue;
    const name = nameOf(node['id'] ?? node['left']);
    const texts = textsOf(node['init'] ?? node['right'], known);
    if (texts.length > 0) known.set(name, [...(known.get(name) ?? []), ...texts]);
  }
  return known;
}

function codesOf(value: unknown, known: Texts): readonly string[] {
  return textsOf(value, known).filter((text) => /^GC_[A-Z0-9_]*[A-Z0-9]$/.test(text));
}

interface Parts {
  readonly code: readonly string[];
  readonly messages: readonly string[];
  readonly hints: readonly string[];
}

function partsOfObject(value: unknown, known: Texts): Parts {
  const fields = new Map<string, unknown>();
  if (isNode(value) && value.type === 'ObjectExpression') {
    for (const each of value['properties'] as readonly Node[]) {
      if (each.type === 'Property') fields.set(nameOf(each['key']), each['value']);
    }
  }
  return {
    code: codesOf(fields.get('code') ?? fields.get('errorCode'), known),
    messages: textsOf(fields.get('message') ?? fields.get('detail'), known),
    hints: textsOf(fields.get('hint'), known),
  };
}

function partsOf(node: Node, known: Texts): Parts | undefined {
  if (node.type === 'ObjectExpression') {
    const parts = partsOfObject(node, known);
    return parts.code.length === 0 ? undefined : parts;
  }
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const [first, second, third] = node['arguments'] as readonly unknown[];
  const code = codesOf(first, known);
  if (code.length === 0) return undefined;
  const hints = [...textsOf(third, known), ...partsOfObject(third, known).hints];
  return { code, messages: textsOf(second, known), hints };
}

function emittedBy(file: string, text: string): readonly EmittedError[] {
  const program = parseSync(file, text).program as unknown as Node;
  const known = sentencesBefore(program);
  const found = [...nodesIn(program)].flatMap((node) => {
    const parts = partsOf(node, known);
    return parts === undefined ? [] : parts.code.map((code) => ({ ...parts, code, file }));
  });
  const told = new Set(found.map(({ code }) => code));
  // Codes that a table or a comparison names, or that get their text from somewhere else.
  const rest = new Set([...text.matchAll(/'(GC_[A-Z0-9_]*[A-Z0-9])'/g)].map(([, code = '']) => code));
  return [...found, ...[...rest.difference(told)].map((code) => ({ code, messages: [], hints: [], file }))];
}

/** Of all source files below the folders, without tests. */
export function emittedErrors(root: string, folders: readonly string[]): readonly EmittedError[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !/\.test\.ts$|\/testing\/|\/language\//.test(file))
    .toSorted()
    .flatMap((file) => emittedBy(file, readFileSync(join(root, file), 'utf8')));
}
