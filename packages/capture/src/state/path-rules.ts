// Which parameters of an event are the paths that rules see as `path` and `targetPath`, and what they are relative to.
import { CAPTURE_EVENT_TYPES, currentEventId } from '../format/event-types.ts';
import { PARAM } from '../format/param-types.ts';

export interface PathParam {
  readonly name: string;
  /** Parameter with the directory's descriptor; undefined for the working directory. */
  readonly dirfd: string | undefined;
  /** Text of the program that is not resolved (the target of a symbolic link). */
  readonly isRaw: boolean;
}

export interface PathRule {
  readonly path: PathParam;
  readonly target: PathParam | undefined;
}

/** Their files are the event's descriptor, or the executable. */
const WITHOUT: ReadonlySet<string> = new Set([
  'open',
  'openat',
  'openat2',
  'creat',
  'open_by_handle_at',
  'execve',
  'execveat',
]);

const PLAIN_TEXT: Readonly<Record<string, readonly string[]>> = {
  chdir: ['path'],
  symlink: ['target'],
  symlinkat: ['target'],
};

function ruleOf(name: string): PathRule | undefined {
  const id = currentEventId(name);
  if (id === undefined || WITHOUT.has(name) || name.startsWith('task')) return undefined;
  const params = CAPTURE_EVENT_TYPES[id]?.params ?? [];
  const texts = PLAIN_TEXT[name] ?? [];
  const paths = params
    .filter(
      ({ name: param, type }) =>
        type === PARAM.fspath || type === PARAM.relativePath || texts.includes(param),
    )
    .map((param): PathParam => {
      const dirfd = param.dirfd < 0 ? undefined : params[param.dirfd]?.name;
      return { name: param.name, dirfd, isRaw: param.name === 'target' };
    });
  const [path, target] = paths;
  return path === undefined ? undefined : { path, target };
}

const RULES = new Map<string, PathRule | undefined>();

/** The paths of events with this name; undefined when they have none of their own. */
export function pathRule(name: string): PathRule | undefined {
  if (!RULES.has(name)) RULES.set(name, ruleOf(name));
  return RULES.get(name);
}
