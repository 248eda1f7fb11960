// Events made of short descriptions, for tests of rules and of everything that consumes events.
import type { FileDescriptor, ParamValue, RuntimeEvent } from '@guardcell/core';
import { errnoNumber } from '../events/errno.ts';
import { joinPath } from '../events/resolve-path.ts';
import type { EventSpec } from './event-spec.ts';
import { syntheticFd } from './synthetic-fd.ts';
import { opensFile, returnsFd, syntheticParams } from './synthetic-params.ts';
import { syntheticContainer, syntheticThread } from './synthetic-thread.ts';

const DEFAULT_TIME_NS = 1_767_225_600_000_000_000n;
const DEFAULT_FD = 3;
const FIRST_PATHS = ['path', 'oldpath', 'filename', 'pathname', 'name', 'dir'] as const;
const SECOND_PATHS = ['newpath', 'linkpath'] as const;

export type EventResult = { readonly event: RuntimeEvent } | { readonly problem: string };

/** An event of the description; a problem when it names parameters or flags that do not exist. */
export function buildEvent(spec: EventSpec): EventResult {
  const result = resultOf(spec);
  if (typeof result === 'object') return result;
  const timeNs = spec.timeNs ?? DEFAULT_TIME_NS;
  const thread = syntheticThread(spec.process ?? {}, syntheticContainer(spec.container), timeNs);
  const described =
    spec.fd === undefined
      ? undefined
      : syntheticFd(spec.fd, spec.type, spec.fd.num ?? descriptorNumber(spec, result));
  const built = syntheticParams(spec, thread, described, result);
  if ('problem' in built) return built;
  const { params } = built;
  const fd = withOpenFlags(described, params);
  const resolve = (names: readonly string[]): string | undefined => {
    const raw = names
      .map((name) => params.get(name))
      .find((value) => typeof value === 'string' && value !== '');
    return typeof raw === 'string' ? joinPath(thread.cwd, raw) : undefined;
  };
  const opens = opensFile(spec.type) || spec.type.startsWith('exec');
  const names = [...params.keys()];
  return {
    event: {
      num: spec.num ?? 1,
      type: spec.type,
      timeNs,
      cpu: 0,
      result,
      thread,
      fd,
      param: (name) => params.get(name),
      paramNames: () => names,
      path: spec.path ?? (opens ? undefined : resolve(FIRST_PATHS)),
      targetPath: spec.targetPath ?? resolve(SECOND_PATHS),
    },
  };
}

/** As `buildEvent`, for descriptions written in code: throws a RangeError when one is wrong. */
export function syntheticEvent(spec: EventSpec): RuntimeEvent {
  const built = buildEvent(spec);
  if ('problem' in built) throw new RangeError(built.problem);
  return built.event;
}

function resultOf(spec: EventSpec): number | undefined | { readonly problem: string } {
  const { result } = spec;
  if (typeof result === 'number') return result;
  if (result === undefined) {
    if (spec.type === 'procexit') return undefined;
    return returnsFd(spec.type) ? (spec.fd?.num ?? DEFAULT_FD) : 0;
  }
  const errno = errnoNumber(result);
  return errno === undefined ? { problem: `unknown error name '${result}'` } : -errno;
}

/** Calls that return a descriptor give its number; others only say whether they failed. */
function descriptorNumber(spec: EventSpec, result: number | undefined): number | undefined {
  if (returnsFd(spec.type)) return result !== undefined && result < 0 ? -1 : result;
  return DEFAULT_FD;
}

function withOpenFlags(
  fd: FileDescriptor | undefined,
  params: ReadonlyMap<string, ParamValue>,
): FileDescriptor | undefined {
  const flags = params.get('flags');
  return fd === undefined || typeof flags !== 'number' ? fd : { ...fd, openFlags: flags };
}
