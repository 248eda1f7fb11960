// Reads a capture in memory and keeps plain copies of what it delivers, for tests.
import type { ParamValue } from '@guardcell/core';
import { type Capture, type CaptureStats, openCapture, type ReadOptions } from '../read/open-capture.ts';
import type { CaptureSource } from '../read/source.ts';

export interface SeenEvent {
  readonly num: number;
  readonly type: string;
  readonly isEnter: boolean;
  readonly result: number | undefined;
  readonly params: Readonly<Record<string, ParamValue | undefined>>;
  readonly fd:
    | {
        readonly num: number;
        readonly typeChar: string;
        readonly name: string;
        readonly nameRaw: string;
        readonly connected: boolean;
        readonly nameChanged: boolean;
        readonly role: string | undefined;
        readonly l4proto: string;
      }
    | undefined;
  readonly path: string | undefined;
  readonly targetPath: string | undefined;
  readonly comm: string;
  readonly pid: number;
  readonly tid: number;
  readonly ppid: number;
  readonly parent: string | undefined;
  readonly exePath: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly uid: number;
  readonly container: string;
  readonly openFds: readonly number[];
}

export interface Reading {
  readonly events: readonly SeenEvent[];
  readonly stats: CaptureStats;
  readonly capture: Capture;
}

/** Reads everything; `options` as for `Capture.read`. */
export async function readEvents(
  source: CaptureSource | readonly Uint8Array[],
  options: Omit<ReadOptions, 'onEvent'> & { readonly maxThreads?: number } = {},
): Promise<Reading> {
  const events: SeenEvent[] = [];
  const bytes = Array.isArray(source)
    ? Buffer.concat(source as readonly Uint8Array[])
    : (source as CaptureSource);
  const { maxThreads, ...rest } = options;
  const capture = openCapture(bytes, maxThreads === undefined ? {} : { maxThreads });
  const stats = await capture.read({
    ...rest,
    onEvent(event) {
      const { fd, thread } = event;
      events.push({
        num: event.num,
        type: event.type,
        isEnter: event.isEnter === true,
        result: event.result,
        params: Object.fromEntries(
          event.paramNames().map((name) => {
            const value = event.param(name);
            return [name, value instanceof Uint8Array ? Uint8Array.from(value) : value];
          }),
        ),
        fd:
          fd === undefined
            ? undefined
            : {
                num: fd.num,
                typeChar: fd.typeChar,
                name: fd.name,
                nameRaw: fd.nameRaw,
                connected: fd.connected,
                nameChanged: fd.nameChanged,
                role: fd.role,
                l4proto: fd.l4proto,
              },
        path: event.path,
        targetPath: event.targetPath,
        comm: thread.comm,
        pid: thread.pid,
        tid: thread.tid,
        ppid: thread.ppid,
        parent: thread.parent()?.comm,
        exePath: thread.exePath,
        args: thread.args,
        cwd: thread.cwd,
        uid: thread.uid,
        container: thread.container.id,
        openFds: [...(thread.descriptors?.keys() ?? [])],
      });
    },
  });
  return { events, stats, capture };
}
