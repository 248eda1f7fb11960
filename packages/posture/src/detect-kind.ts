// Which kind of file a path and its text are.
import type { PostureKind } from './check.ts';

const NAMES: readonly (readonly [RegExp, PostureKind])[] = [
  [/(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.(?:dockerfile|containerfile)$/i, 'dockerfile'],
  [/(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i, 'compose'],
  [/(?:^|\/)\.github\/(?:workflows\/[^/]+|actions\/(?:[^/]+\/)*action)\.ya?ml$/, 'github-actions'],
  [/(?:^|\/)\.gitlab-ci(?:[.-][\w.-]+)?\.ya?ml$|(?:^|\/)\.gitlab\/ci\/.+\.ya?ml$/, 'gitlab-ci'],
  [/(?:^|\/)Jenkinsfile(?:[.-][\w.-]+)?$|\.jenkinsfile$/i, 'jenkinsfile'],
];

/** Programs about such files, as `jenkinsfile.ts`; `Dockerfile.go` is one for a program in Go. */
const PROGRAM =
  /(?:^|\/)[a-z]+file\.(?:[\w-]+\.)*(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|php|cs|c|cc|cpp|h|swift)$/;

function namedKind(path: string): PostureKind | undefined {
  return PROGRAM.test(path) ? undefined : NAMES.find(([name]) => name.test(path))?.[1];
}

/** Whether a file of this name may be one; cheap, for the walk over a tree. */
export function mayBePosture(path: string): boolean {
  return namedKind(path) !== undefined || /\.(?:ya?ml|json)$/i.test(path);
}

/** The kind, or undefined when no check is about it. */
export function detectKind(path: string, text: string): PostureKind | undefined {
  const named = namedKind(path);
  if (named !== undefined) return named;
  if (!/\.(?:ya?ml|json)$/i.test(path)) return undefined;
  const hasKind = /(?:^|\n|[{,])\s*["']?kind["']?\s*:/.test(text);
  return hasKind && /(?:^|\n|[{,])\s*["']?apiVersion["']?\s*:/.test(text) ? 'kubernetes' : undefined;
}
