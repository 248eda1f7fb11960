// A runtime event as rules see it: the meeting point of sensor, capture replay, tests and rule engine.
import type { FileDescriptor } from './file-descriptor.ts';
import type { Thread } from './thread.ts';

/**
 * Value of one event parameter before formatting.
 * Numbers for integers, flags, pids and fds; bigint for 64-bit values beyond 2^53; text for strings and paths;
 * bytes for buffers.
 */
export type ParamValue = number | bigint | string | boolean | Uint8Array | readonly string[];

/** What an event of another source than `syscall` carries: one JSON document, such as a Kubernetes audit event. */
export interface EventPayload {
  /** evt.pluginname: the plug-in that Falco has for the source, `k8saudit`. */
  readonly plugin: string;
  /** The parsed document; only plain JSON values. */
  readonly json: unknown;
}

/**
 * One event of the `syscall` source, after the call returned.
 * Producers reuse one object for all events: nothing may be kept after the consumer returns.
 */
export interface RuntimeEvent {
  /** evt.num: grows by one for each event delivered by this producer. */
  readonly num: number;
  /**
   * Stable name of the event where a producer may deliver it twice, as a sensor does with what it had not committed
   * when it was killed; undefined where it cannot.
   */
  readonly identity?: string | undefined;
  /** evt.type: `openat`, `execve`, `procexit` … */
  readonly type: string;
  /** Wall clock, ns since 1970. */
  readonly timeNs: bigint;
  /** evt.cpu. */
  readonly cpu: number;
  /** evt.rawres: what the call returned (an fd, 0, or a negative errno); undefined for events without a result. */
  readonly result: number | undefined;
  readonly thread: Thread;
  /** The descriptor that the event uses or creates, if any. */
  readonly fd: FileDescriptor | undefined;
  /**
   * A parameter by the name that the event table gives it (`flags`, `path`, `oldpath`, `request`, `fd` …),
   * undefined where this event has none. Paths are as the program gave them; flags are the event table's values,
   * not the kernel's.
   */
  param(name: string): ParamValue | undefined;
  /** Names of the parameters this event has, in table order. */
  paramNames(): readonly string[];
  /** fs.path.* : resolved absolute path(s) of file events without an fd (unlink, rename, chmod …). */
  readonly path: string | undefined;
  /** For rename, link, symlink: the resolved second path (new name / link). */
  readonly targetPath: string | undefined;
  /** evt.source; undefined means `syscall`. */
  readonly source?: string | undefined;
  /** Of events of other sources, which have the type `pluginevent`. */
  readonly payload?: EventPayload | undefined;
  /** Wall clock, ns since 1970, of the first and of the previous event of this producer, for evt.reltime and evt.deltatime. */
  readonly firstTimeNs?: bigint | undefined;
  readonly previousTimeNs?: bigint | undefined;
  /** evt.dir is >: the call has not returned yet, or the event is no call. Only captures have such events. */
  readonly isEnter?: boolean;
  /** fdlist.*: descriptors given to poll, ppoll or select; producers without them leave it out. */
  fdList?(): readonly FileDescriptor[];
}
