// What the HTTP API can answer when it refuses: the sentences that stand in `throw`, in `new ApiError(…)`, and in calls
// of functions that make or throw one.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILLED, type Node, namedTexts, nameOf, nodesIn, programOf, textsOf } from './source-texts.ts';

export interface ProblemSentence {
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

function isMade(node: Node, makers: ReadonlySet<string>): boolean {
  if (node.type === 'ThrowStatement') return true;
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false;
  const name = nameOf(node['callee']);
  return name === 'ApiError' || name === 'storeError' || makers.has(name);
}

/** Of all source files below the folders, without tests; what is put in at run time stands in them as `7`. */
export function problemSentences(root: string, folders: readonly string[]): readonly ProblemSentence[] {
  const files = folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !/\.test\.ts$|\/testing\/|\/conformance\/|\/language\//.test(file))
    .map((file) => ({ file, program: programOf(file, readFileSync(join(root, file), 'utf8')) }));
  const makers = new Set(
    files.flatMap(({ program }) => [...nodesIn(program)].map(makesProblems).filter((name) => name !== '')),
  );
  return files.flatMap(({ file, program }) => {
    const known = namedTexts(program);
    const made = [...nodesIn(program)].filter((node) => isMade(node, makers));
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
