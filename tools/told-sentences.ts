// Sentences that people are told: those that stand in `throw`, in calls of functions that make errors and results, and in
// members such as `detail`.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILLED, type Node, namedTexts, nameOf, nodesIn, programOf, textsOf } from './source-texts.ts';

export interface ToldSentence {
  readonly text: string;
  readonly file: string;
}

/** `notFound('rule', name)` says that there is no rule of the name. */
const THINGS = 'notFound';

function makesProblems(node: Node): string {
  if (node.type !== 'FunctionDeclaration') return '';
  const [type] = [...nodesIn((node['returnType'] as Node | null)?.['typeAnnotation'])];
  const isProblem = type?.type === 'TSTypeReference' && nameOf(type['typeName']) === 'ApiError';
  return isProblem || type?.type === 'TSNeverKeyword' ? nameOf(node['id']) : '';
}

/** Where sentences stand besides `throw` and functions that return an ApiError or throw one. */
export interface Places {
  /** Functions and classes that are called with them. */
  readonly calls: readonly string[];
  /** Members and variables that hold them. */
  readonly members?: readonly string[];
}

function isMade(node: Node, makers: ReadonlySet<string>, members: ReadonlySet<string>): boolean {
  if (node.type === 'ThrowStatement') return true;
  if (node.type === 'Property') return members.has(nameOf(node['key']));
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false;
  const callee = node['callee'] as Node;
  return makers.has(nameOf(callee.type === 'MemberExpression' ? callee['property'] : callee));
}

/** Of all source files below the folders, without tests; what is put in at run time stands in them as `7`. */
export function toldSentences(
  root: string,
  folders: readonly string[],
  { calls, members = [] }: Places,
): readonly ToldSentence[] {
  const files = folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !/\.test\.ts$|\/testing\/|\/conformance\/|\/language\//.test(file))
    .map((file) => ({ file, program: programOf(file, readFileSync(join(root, file), 'utf8')) }));
  const held = new Set(members);
  const makers = new Set([
    ...calls,
    ...files.flatMap(({ program }) => [...nodesIn(program)].map(makesProblems).filter((name) => name !== '')),
  ]);
  return files.flatMap(({ file, program }) => {
    const known = namedTexts(program);
    const made = [...nodesIn(program)].filter((node) => isMade(node, makers, held));
    const things = new Set<string>();
    const missing = [...nodesIn(program)].flatMap((node) => {
      if (node.type !== 'CallExpression' || nameOf(node['callee']) !== THINGS) return [];
      const [first] = node['arguments'] as readonly unknown[];
      return textsOf(first, known).map((thing) => {
        things.add(thing);
        return `there is no ${thing} "${FILLED}"`;
      });
    });
    const said = made.flatMap((node) => [...nodesIn(node)].flatMap((each) => textsOf(each, known)));
    const texts = [...missing, ...said.filter((text) => !things.has(text))];
    return [...new Set(texts)].map((text) => ({ text, file }));
  });
}
