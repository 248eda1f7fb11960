// What the sensor needs of this machine's kernel before it can start, and how to get it.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { CodedError } from '@guardcell/kit';
import type { BpfBackend } from './bpf-backend.ts';

export type SensorErrorCode =
  | 'GC_SENSOR_NOT_ROOT'
  | 'GC_SENSOR_NO_BTF'
  | 'GC_SENSOR_BPF_REFUSED'
  | 'GC_SENSOR_NO_LIBBPF'
  | 'GC_SENSOR_NO_TRACEFS'
  | 'GC_SENSOR_KERNEL_TOO_OLD'
  | 'GC_SENSOR_WRONG_ARCHITECTURE'
  | 'GC_SENSOR_BAD_OBJECT';

const TRACEFS = '/sys/kernel/tracing';
export const KERNEL_BTF = '/sys/kernel/btf/vmlinux';

/** The first kernel with the BPF ring buffer. */
const OLDEST = [5, 8] as const;

/** Whether a release such as `6.1.0-13-amd64` is new enough. */
export function isKernelNewEnough(kernelRelease: string): boolean {
  const [major = 0, minor = 0] = kernelRelease.split(/[.-]/).map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

export function hasTracefs(): boolean {
  return existsSync(`${TRACEFS}/events/syscalls`);
}

/** Whether this kernel has a tracepoint such as `sys_exit_openat`. */
export function hasSystemCallEvent(name: string): boolean {
  return existsSync(`${TRACEFS}/events/syscalls/${name}`);
}

/** Mounts tracefs where it belongs unless it is there. Returns '' or why it could not. */
export function mountTracefs(backend: Pick<BpfBackend, 'mount'>): string {
  if (hasTracefs()) return '';
  try {
    mkdirSync(TRACEFS, { recursive: true });
  } catch {
    // sysfs makes this directory itself; the mount tells what is wrong
  }
  const result = backend.mount('tracefs', TRACEFS, 'tracefs');
  if (result !== 0) return `mounting tracefs gave errno ${-result}`;
  return hasTracefs() ? '' : 'tracefs has no system call events (CONFIG_FTRACE_SYSCALLS)';
}

/**
 * Hierarchy to attribute processes by: the id of the v1 hierarchy that has the pids controller, or 0 for v2.
 * @param text content of /proc/cgroups
 */
export function attributionHierarchy(text: string): number {
  const line = text.split('\n').find((each) => each.startsWith('pids\t'));
  return Number(line?.split('\t')[1] ?? 0);
}

export function readCgroups(): string {
  try {
    return readFileSync('/proc/cgroups', 'utf8');
  } catch {
    return '';
  }
}

/** @throws CodedError with the first reason why the sensor cannot run here. */
export function requireKernel(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new CodedError<SensorErrorCode>(
      'GC_SENSOR_WRONG_ARCHITECTURE',
      `the sensor runs on Linux x86-64, this is ${process.platform} ${process.arch}`,
      { hint: 'Everything but the sensor works here.' },
    );
  }
  if (!isKernelNewEnough(release())) {
    throw new CodedError<SensorErrorCode>(
      'GC_SENSOR_KERNEL_TOO_OLD',
      `kernel ${release()} is older than 5.8`,
      {
        hint: 'Upgrade to a kernel with the BPF ring buffer (5.8 or later).',
      },
    );
  }
  if (process.geteuid?.() !== 0) {
    throw new CodedError<SensorErrorCode>('GC_SENSOR_NOT_ROOT', 'the sensor needs root', {
      hint: 'Run it as root, or give it CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN as root of the host.',
    });
  }
  if (!existsSync(KERNEL_BTF)) {
    throw new CodedError<SensorErrorCode>('GC_SENSOR_NO_BTF', 'the kernel has no type information (BTF)', {
      at: KERNEL_BTF,
      hint: 'Use a kernel built with CONFIG_DEBUG_INFO_BTF=y; the distributions’ kernels since 2021 are.',
    });
  }
}

/** The error of a refused load, with what the errno usually means. */
export function loadRefused(errno: number): CodedError<SensorErrorCode> {
  const isPermission = errno === 1 || errno === 13;
  return new CodedError('GC_SENSOR_BPF_REFUSED', `the kernel refused the BPF programs (errno ${errno})`, {
    hint: isPermission
      ? 'Something forbids bpf(): lockdown mode, seccomp, or a container without CAP_BPF and CAP_SYS_ADMIN.'
      : 'Please report the kernel release and this number; `guardcell doctor` shows what works.',
  });
}
