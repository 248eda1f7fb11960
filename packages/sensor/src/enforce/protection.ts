// What enforcement never touches: the host, Guardcell itself, and what its owner has protected.
import { type Container, isHost, SHORT_ID_LENGTH } from '@guardcell/core';
import { isInContainer } from '../containers/host-process.ts';

/** A list, or a function that gives the present one (processes come and go). */
export type Listed<T> = readonly T[] | (() => readonly T[]);

export interface Protection {
  isProtectedPid(pid: number): boolean;
  /** Why nothing may be done to this container; empty when it may. */
  protectionOf(container: Container): string;
}

function current<T>(listed: Listed<T>): readonly T[] {
  return typeof listed === 'function' ? listed() : listed;
}

/** Our own process, the one that started us and pid 1 are always protected; containers are listed by id or name. */
export function createProtection(pids: Listed<number>, containers: Listed<string>): Protection {
  const allPids = (): readonly number[] => [process.pid, process.ppid, ...current(pids)];
  return {
    isProtectedPid: (pid) => pid === 1 || allPids().includes(pid),
    protectionOf: (container) => {
      if (isHost(container)) return 'the host itself is never a target';
      const listed = current(containers);
      const names = [container.id, container.id.slice(0, SHORT_ID_LENGTH), container.name];
      if (names.some((name) => name !== '' && listed.includes(name))) return 'the container is protected';
      const own = allPids().some((pid) => pid > 1 && isInContainer(pid, container.id));
      return own ? 'Guardcell or a protected process runs in this container' : '';
    },
  };
}
