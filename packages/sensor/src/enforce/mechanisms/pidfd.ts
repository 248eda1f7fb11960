// Signals through a pidfd: it keeps meaning the same process even when the pid is given to another one.
// Spec: pidfd_open(2), pidfd_send_signal(2); Linux 5.3, the numbers are the same on every architecture.
import { closeSync } from 'node:fs';
import koffi from 'koffi';

const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;

type Syscall = (...args: readonly unknown[]) => number;

let loaded: Syscall | undefined | 'none';

/** The C library's syscall function; undefined where it cannot be had (no prebuilt binding, another C library). */
function syscall(): Syscall | undefined {
  if (loaded === undefined) {
    try {
      loaded = koffi.load('libc.so.6').func('long syscall(long, ...)') as Syscall;
    } catch {
      loaded = 'none';
    }
  }
  return loaded === 'none' ? undefined : loaded;
}

export interface Pidfd {
  /** Sends a signal; false when the process has ended. */
  send(signalNumber: number): boolean;
  close(): void;
}

/** A handle on the process that has this pid now; undefined when there is none or the kernel offers no pidfds. */
export function openPidfd(pid: number): Pidfd | undefined {
  const call = syscall();
  if (call === undefined) return undefined;
  const fd = Number(call(SYS_PIDFD_OPEN, 'int', pid, 'uint', 0));
  if (fd < 0) return undefined;
  return {
    send: (signalNumber) =>
      Number(call(SYS_PIDFD_SEND_SIGNAL, 'int', fd, 'int', signalNumber, 'void *', null, 'uint', 0)) === 0,
    close: () => closeSync(fd),
  };
}

/** Whether pidfds work here, found by opening one on ourselves and sending signal 0 through it. */
export function pidfdWorks(): boolean {
  const own = openPidfd(process.pid);
  if (own === undefined) return false;
  try {
    return own.send(0);
  } finally {
    own.close();
  }
}
