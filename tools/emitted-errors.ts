// What the code can report: every `GC_…` code in source text with the messages and hints that stand beside it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isNode,
  type Node,
  namedTexts,
  nameOf,
  nodesIn,
  programOf,
  type Texts,
  textsOf,
} from './source-texts.ts';

/** One place that makes an error; what is put into a text at run time stands in it as `7`. */
export interface EmittedError {
  readonly code: string;
  readonly messages: readonly string[];
  readonly hints: readonly string[];
  readonly file: string;
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
  const program = programOf(file, text);
  const known = namedTexts(program);
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
