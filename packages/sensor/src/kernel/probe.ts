// What of the kernel side works on this host, found by trying: for `guardcell doctor`.
import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { errorFacts } from '@guardcell/kit';
import type { BpfBackend } from './bpf-backend.ts';
import {
  attributionHierarchy,
  hasTracefs,
  isKernelNewEnough,
  KERNEL_BTF,
  mountTracefs,
  readCgroups,
} from './host-kernel.ts';
import { loadLibbpf } from './libbpf.ts';
import { OBJECT_PATH, openObject } from './programs.ts';

export interface KernelCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do when it does not work; empty when it does. */
  readonly hint: string;
}

export interface KernelProbe {
  /** Whether the sensor can run. */
  readonly ok: boolean;
  readonly checks: readonly KernelCheck[];
}

/** Checks that the sensor cannot do without; the others only limit enforcement or comfort. */
const REQUIRED: ReadonlySet<string> = new Set([
  'architecture',
  'root',
  'kernel',
  'btf',
  'libbpf',
  'tracefs',
  'bpf',
]);

const SMALL_RING = 65_536;

function check(name: string, ok: boolean, detail: string, hint: string): KernelCheck {
  return { name, ok, detail, hint: ok ? '' : hint };
}

function loadBackend(): {
  readonly backend: BpfBackend | undefined;
  readonly problem: string;
  readonly hint: string;
} {
  try {
    return { backend: loadLibbpf(), problem: '', hint: '' };
  } catch (error) {
    const facts = errorFacts(error);
    return { backend: undefined, problem: facts.message, hint: facts.hint };
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Loads the sensor's own programs, attaches one of each kind and the LSM probe, and lets go of them again. */
function tryBpf(backend: BpfBackend): readonly KernelCheck[] {
  const typed = tryHooks(backend, 'typed');
  if (typed.every((each) => each.ok)) return typed;
  const raw = tryHooks(backend, 'raw');
  return raw.every((each) => each.ok) ? raw : typed;
}

function tryHooks(backend: BpfBackend, hooks: 'typed' | 'raw'): readonly KernelCheck[] {
  const checks: KernelCheck[] = [];
  try {
    const object = openObject(backend, { ringSizeBytes: SMALL_RING, hooks });
    try {
      const loaded = object.load();
      checks.push(
        check(
          'bpf',
          loaded === 0,
          loaded === 0 ? 'the programs load' : `load gave errno ${-loaded}`,
          REFUSED_HINT,
        ),
      );
      if (loaded !== 0) return checks;
      const raw = object.attach(hooks === 'raw' ? 'gc_exit_raw' : 'gc_exit');
      checks.push(
        check(
          'raw tracepoints',
          raw === 0,
          raw === 0 ? `attach works (${hooks})` : `attach gave errno ${-raw}`,
          REFUSED_HINT,
        ),
      );
      const classic = object.attachTracepoint('gc_exec_failed', 'syscalls', 'sys_exit_execveat');
      checks.push(
        check(
          'system call tracepoints',
          classic === 0,
          classic === 0 ? 'attach works' : `attach gave errno ${-classic}`,
          'The kernel needs CONFIG_FTRACE_SYSCALLS and perf events.',
        ),
      );
      object.mapRing('events', SMALL_RING);
      checks.push(check('ring buffer', true, 'can be mapped', ''));
    } finally {
      object.close();
    }
  } catch (error) {
    const facts = errorFacts(error);
    checks.push(check('bpf', false, facts.message, facts.hint));
  }
  return checks;
}

const REFUSED_HINT =
  'Something forbids bpf(): lockdown mode, seccomp, or a container without CAP_BPF and CAP_SYS_ADMIN.';

/** Whether a BPF LSM program really attaches; being listed by the kernel is not enough. */
function tryLsm(backend: BpfBackend): KernelCheck {
  const listed = readText('/sys/kernel/security/lsm').split(',').includes('bpf');
  const hint =
    'Enable it with `lsm=…,bpf` on the kernel command line; until then weaker means of enforcement are used.';
  try {
    const object = backend.openObject(OBJECT_PATH.replace('sensor.bpf.o', 'probe-lsm.bpf.o'));
    try {
      const loaded = object.load();
      const attached = loaded === 0 ? object.attach('gc_probe_lsm') : loaded;
      const detail = attached === 0 ? 'a program attaches' : `refused with errno ${-attached}`;
      return check(
        'bpf lsm',
        attached === 0,
        `${detail}${listed ? ', bpf is listed' : ', bpf is not listed'}`,
        hint,
      );
    } finally {
      object.close();
    }
  } catch (error) {
    return check('bpf lsm', false, errorFacts(error).message, hint);
  }
}

function cgroupCheck(): KernelCheck {
  const hierarchy = attributionHierarchy(readCgroups());
  const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const mode = isUnified ? 'v2' : existsSync('/sys/fs/cgroup/unified') ? 'v1 and v2 (hybrid)' : 'v1';
  const by = hierarchy === 0 ? 'the unified hierarchy' : `v1 hierarchy ${hierarchy} (pids)`;
  return check('control groups', true, `${mode}; containers are told apart by ${by}`, '');
}

/** Tries everything the sensor uses; takes well under a second and leaves nothing behind but a mounted tracefs. */
export function probeKernel(): KernelProbe {
  const isRoot = process.geteuid?.() === 0;
  const hasBtf = existsSync(KERNEL_BTF);
  const checks: KernelCheck[] = [
    check(
      'architecture',
      process.platform === 'linux' && process.arch === 'x64',
      `${process.platform} ${process.arch}`,
      'The sensor runs on Linux x86-64.',
    ),
    check('root', isRoot, isRoot ? 'yes' : 'no', 'Run as root.'),
    check('kernel', isKernelNewEnough(release()), release(), 'Upgrade to 5.8 or later.'),
    check('btf', hasBtf, hasBtf ? KERNEL_BTF : 'missing', 'Use a kernel built with CONFIG_DEBUG_INFO_BTF=y.'),
  ];
  const { backend, problem, hint } = loadBackend();
  checks.push(check('libbpf', backend !== undefined, backend?.version ?? problem, hint));
  if (backend !== undefined && isRoot) {
    const tracefsProblem = mountTracefs(backend);
    checks.push(
      check(
        'tracefs',
        tracefsProblem === '',
        tracefsProblem === '' ? 'mounted' : tracefsProblem,
        TRACEFS_HINT,
      ),
    );
    if (hasBtf) checks.push(...tryBpf(backend), tryLsm(backend));
  } else {
    checks.push(check('tracefs', hasTracefs(), hasTracefs() ? 'mounted' : 'not mounted', TRACEFS_HINT));
    checks.push(check('bpf', false, 'not tried', 'Run as root to find out.'));
  }
  checks.push(cgroupCheck());
  return { ok: checks.every((each) => each.ok || !REQUIRED.has(each.name)), checks };
}

const TRACEFS_HINT = 'mount -t tracefs tracefs /sys/kernel/tracing';
