// The kernel's flag values turned into those of Falco's event table, which rules are written against.

/** The calls of one event mostly ask for the same value again and again: the last answer is remembered. */
function remap(pairs: readonly (readonly [kernel: number, table: number])[]): (kernel: number) => number {
  const from = Int32Array.from(pairs, ([kernel]) => kernel);
  const to = Int32Array.from(pairs, ([, table]) => table);
  let lastKernel = 0;
  let lastTable = compute(0);
  function compute(kernel: number): number {
    let table = 0;
    for (let index = 0; index < from.length; index++) {
      const bits = from[index] ?? 0;
      if ((kernel & bits) === bits) table += to[index] ?? 0;
    }
    return table;
  }
  return (kernel) => {
    if (kernel !== lastKernel) {
      lastTable = compute(kernel);
      lastKernel = kernel;
    }
    return lastTable;
  };
}

const openRest = remap([
  [0o100, 1 << 2], // O_CREAT
  [0o2000, 1 << 3], // O_APPEND
  [0o10000, 1 << 5], // O_DSYNC
  [0o200, 1 << 4], // O_EXCL
  [0o4000, 1 << 6], // O_NONBLOCK
  [0o4010000, 1 << 7], // O_SYNC
  [0o1000, 1 << 8], // O_TRUNC
  [0o40000, 1 << 9], // O_DIRECT
  [0o200000, 1 << 10], // O_DIRECTORY
  [0o100000, 1 << 11], // O_LARGEFILE
  [0o2000000, 1 << 12], // O_CLOEXEC
  [0o20200000, 1 << 13], // O_TMPFILE
]);

export const PPM_O_F_CREATED = 1 << 14;
export const PPM_FD_UPPER_LAYER = 1 << 15;
export const PPM_FD_LOWER_LAYER = 1 << 16;

/** Flags of open, openat, openat2. The access mode counts from 1, so that "read" is a flag too. */
export function openFlags(kernel: number): number {
  return ((kernel & 3) === 3 ? 3 : (kernel & 3) + 1) | openRest(kernel);
}

export const cloneFlags: (kernel: number) => number = remap([
  [0x400, 1],
  [0x200, 2],
  [0x8000_0000, 4],
  [0x800_0000, 8],
  [0x4000_0000, 16],
  [0x2_0000, 32],
  [0x2000_0000, 64],
  [0x400_0000, 128],
  [0x8000, 256],
  [0x10_0000, 512],
  [0x2000, 1024],
  [0x800, 2048],
  [0x4_0000, 4096],
  [0x1_0000, 8192],
  [0x80_0000, 16_384],
  [0x100, 32_768],
  [0x1000_0000, 1 << 20],
  [0x20_0000, 1 << 23],
  [0x100_0000, 1 << 24],
  [0x8_0000, 1 << 25],
  [0x4000, 1 << 27],
  [0x200_0000, 1 << 28],
]);

export const resolveFlags: (kernel: number) => number = remap([
  [1, 16],
  [2, 4],
  [4, 8],
  [8, 1],
  [16, 2],
  [32, 32],
]);

export const chownFlags: (kernel: number) => number = remap([
  [0x100, 1024],
  [0x1000, 4096],
]);

export const deleteModuleFlags: (kernel: number) => number = remap([
  [0o4000, 2],
  [0o1000, 1],
]);

export const ioUringFlags: (kernel: number) => number = remap([
  [1, 1],
  [2, 2],
  [4, 8],
  [8, 16],
  [16, 32],
  [32, 64],
  [64, 128],
]);

const PTRACE_REQUESTS: ReadonlyMap<number, number> = new Map([
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((table) => [table - 1, table] as const),
  ...([
    [16, 11],
    [17, 12],
    [24, 13],
    [12, 26],
    [13, 27],
    [14, 28],
    [15, 29],
    [18, 30],
    [19, 31],
    [21, 32],
    [25, 33],
    [26, 34],
    [30, 35],
    [31, 36],
    [32, 37],
    [33, 38],
  ] as const),
  ...Array.from({ length: 12 }, (_, index) => [0x4200 + index, 14 + index] as const),
]);

/** The event table's number of a ptrace request, 0 for one it does not know. */
export function ptraceRequest(kernel: number): number {
  return PTRACE_REQUESTS.get(kernel) ?? 0;
}

/** `major << 20 | minor` of the kernel as user space encodes a device number. */
export function userDevice(kernel: number): number {
  const major = kernel >>> 20;
  const minor = kernel & 0xfffff;
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
