// Sentences in source text: what the literals, templates and choices of an expression can say.
import { parseSync } from 'oxc-parser';

export type Node = Readonly<Record<string, unknown>> & { readonly type: string };
/** Can be read as a number and as a word. */
export const FILLED = '7';
/** Forms of one sentence that are looked at. */
const MOST = 16;

/** The syntax tree of a file. */
export function programOf(file: string, text: string): Node {
  return parseSync(file, text).program as unknown as Node;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** The node and everything below it. */
export function* nodesIn(value: unknown): Generator<Node, void, undefined> {
  if (Array.isArray(value)) for (const each of value) yield* nodesIn(each);
  else if (isNode(value)) {
    yield value;
    for (const each of Object.values(value)) if (typeof each === 'object') yield* nodesIn(each);
  }
}

/** Of an identifier; empty for anything else. */
export function nameOf(value: unknown): string {
  return isNode(value) && value.type === 'Identifier' ? String(value['name']) : '';
}

export type Texts = ReadonlyMap<string, readonly string[]>;

/** The sentences an expression can be; none when it comes from elsewhere. */
export function textsOf(value: unknown, known: Texts): readonly string[] {
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

/** What the names of a file are set to. */
export function namedTexts(program: Node): Texts {
  const known = new Map<string, readonly string[]>();
  for (const node of nodesIn(program)) {
    if (node.type !== 'VariableDeclarator' && node.type !== 'AssignmentExpression') continue;
    const name = nameOf(node['id'] ?? node['left']);
    const texts = textsOf(node['init'] ?? node['right'], known);
    if (texts.length > 0) known.set(name, [...(known.get(name) ?? []), ...texts]);
  }
  return known;
}

/** Three words with small letters in a row. */
const ENGLISH = /(?<![\w/.-])[a-z]{2,} [a-z]{2,} [a-z]{2,}(?![\w-])/;
/** Commands are the same in every language. */
const COMMANDS =
  /`guardcell [^`]*`|guardcell (?:db|scan)(?: \w+)?(?: --\S+ \w+)?|git fetch --unshallow|helm template|git fsck|apt-get install|mount -t tracefs tracefs \S+/g;

/** Whether a text has a sentence in English. */
export function isEnglish(text: string): boolean {
  return ENGLISH.test(text.replaceAll(COMMANDS, ''));
}
