// The BPF backend over Debian's libbpf.so.1 through koffi: no compiler, no addon. All native calls of the sensor are here.
import { CodedError } from '@guardcell/kit';
import koffi from 'koffi';
import type { BpfBackend, BpfObject, KernelResult, RingPages } from './bpf-backend.ts';

/** An address; 0n or null is NULL. */
type Pointer = bigint | null;
type Native = (...args: readonly unknown[]) => unknown;

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const CLOCK_REALTIME = 0;
const CLOCK_BOOTTIME = 7;
/** More than the longest record (16 KiB of data and its header). */
const LONGEST_RECORD = 64 * 1024;
const LOCK_EXCLUSIVE_NOW = 2 | 4;
/** sizeof struct bpf_tracepoint_opts: its own size and the cookie. */
const TRACEPOINT_OPTIONS_SIZE = 16n;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

const SIGNATURES = {
  libbpf: [
    'void *libbpf_set_print(void *print)',
    'const char *libbpf_version_string()',
    'int libbpf_num_possible_cpus()',
    'void *bpf_object__open_file(const char *path, void *options)',
    'int bpf_object__load(void *object)',
    'void bpf_object__close(void *object)',
    'void *bpf_object__find_map_by_name(void *object, const char *name)',
    'void *bpf_object__find_program_by_name(void *object, const char *name)',
    'int bpf_map__fd(void *map)',
    'int bpf_map__set_max_entries(void *map, uint32_t entries)',
    'void *bpf_program__attach(void *program)',
    'void *bpf_program__attach_tracepoint_opts(void *program, const char *category, const char *name, const void *options)',
    'int bpf_program__set_autoload(void *program, bool autoload)',
    'int bpf_map__reuse_fd(void *map, int fd)',
    'int bpf_obj_get(const char *path)',
    'int bpf_obj_pin(int fd, const char *path)',
    'int bpf_link__destroy(void *link)',
    'int bpf_link__pin(void *link, const char *path)',
    'int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)',
    'int bpf_map_lookup_elem(int fd, const void *key, void *value)',
    'int bpf_map_delete_elem(int fd, const void *key)',
    'int bpf_map_get_next_key(int fd, const void *key, void *next)',
  ],
  libc: [
    'void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)',
    'int munmap(void *address, size_t length)',
    'int getpagesize()',
    'int close(int fd)',
    'int flock(int fd, int operation)',
    'int mount(const char *source, const char *target, const char *type, uint64_t flags, void *data)',
    'int clock_gettime(int clock, void *time)',
  ],
} as const;

type Library = (name: string, ...args: readonly unknown[]) => unknown;

function bind(file: string, signatures: readonly string[], into: Map<string, Native>): void {
  const library = koffi.load(file);
  for (const signature of signatures) {
    const name = /(\w+)\(/.exec(signature)?.[1] ?? '';
    into.set(name, library.func(signature) as Native);
  }
}

function isNull(pointer: unknown): pointer is null {
  return pointer === null || pointer === 0n || pointer === undefined;
}

/**
 * Loads libbpf.
 * @throws CodedError GC_SENSOR_NO_LIBBPF when the library is missing.
 */
export function loadLibbpf(): BpfBackend {
  const functions = new Map<string, Native>();
  try {
    bind('libbpf.so.1', SIGNATURES.libbpf, functions);
    bind('libc.so.6', SIGNATURES.libc, functions);
  } catch (cause) {
    throw new CodedError('GC_SENSOR_NO_LIBBPF', 'libbpf.so.1 cannot be loaded', {
      cause,
      hint: 'Install it: apt-get install -y libbpf1',
    });
  }
  const call: Library = (name, ...args) => {
    const native = functions.get(name);
    if (native === undefined) throw new TypeError(`no native function ${name}`);
    return native(...args);
  };
  call('libbpf_set_print', null);
  const time = new BigInt64Array(2);
  const readClock = (clock: number): bigint => {
    call('clock_gettime', clock, time);
    return (time[0] ?? 0n) * 1_000_000_000n + (time[1] ?? 0n);
  };
  return {
    version: String(call('libbpf_version_string')),
    possibleCpus: Math.max(1, Number(call('libbpf_num_possible_cpus'))),
    openObject: (path) => openObject(call, path),
    lookupPinned: (path, key, value) => {
      const fd = Number(call('bpf_obj_get', path));
      if (fd < 0) return -(koffi.errno() || 1);
      const result = Number(call('bpf_map_lookup_elem', fd, key, value));
      call('close', fd);
      return result;
    },
    tryLock: (fd) => call('flock', fd, LOCK_EXCLUSIVE_NOW) === 0,
    mount: (source, target, type) =>
      call('mount', source, target, type, 0, null) === 0 ? 0 : -koffi.errno(),
    clocks: () => ({ bootNs: readClock(CLOCK_BOOTTIME), realNs: readClock(CLOCK_REALTIME) }),
  };
}

function openObject(call: Library, path: string): BpfObject {
  const object = call('bpf_object__open_file', path, null) as Pointer;
  if (isNull(object)) {
    throw new CodedError('GC_SENSOR_BAD_OBJECT', 'the BPF object cannot be opened', {
      at: path,
      hint: `Rebuild it with \`guardcell build bpf\` (errno ${koffi.errno()}).`,
    });
  }
  /** By pin, or by a number where there is none. */
  const links = new Map<string, Pointer>();
  const mappings: { address: Pointer; length: number }[] = [];
  const fds = new Map<string, number>();
  let isOpen = true;

  function map(name: string): Pointer {
    return call('bpf_object__find_map_by_name', object, name) as Pointer;
  }
  function fd(name: string): number {
    const known = fds.get(name);
    if (known !== undefined) return known;
    const found = Number(call('bpf_map__fd', map(name)));
    fds.set(name, found);
    return found;
  }
  function keep(link: Pointer, pin: string): KernelResult {
    if (isNull(link)) return -(koffi.errno() || 1);
    const isPinned = pin !== '' && call('bpf_link__pin', link, pin) === 0;
    links.set(isPinned ? pin : `${links.size}`, link);
    return 0;
  }
  function program(name: string): Pointer {
    return call('bpf_object__find_program_by_name', object, name) as Pointer;
  }
  function mapPages(mapName: string, length: number, protection: number, offset: number): bigint {
    const address = call('mmap', null, length, protection, MAP_SHARED, fd(mapName), offset) as Pointer;
    if (isNull(address) || BigInt.asUintN(64, address) === MAP_FAILED) {
      throw new CodedError('GC_SENSOR_BPF_REFUSED', 'the ring buffer cannot be mapped', {
        hint: `errno ${koffi.errno()}; a smaller ring needs less memory.`,
      });
    }
    mappings.push({ address, length });
    return address;
  }
  return {
    resizeMap: (name, entries) => void call('bpf_map__set_max_entries', map(name), entries),
    load: () => Number(call('bpf_object__load', object)),
    reuseMap: (name, path) => {
      const pinned = Number(call('bpf_obj_get', path));
      if (pinned < 0) return -(koffi.errno() || 1);
      // libbpf keeps a duplicate
      const result = Number(call('bpf_map__reuse_fd', map(name), pinned));
      call('close', pinned);
      return result;
    },
    setAutoload: (name, isLoaded) => void call('bpf_program__set_autoload', program(name), isLoaded),
    attachTracepoint: (name, category, tracepoint, pin = '', cookie = 0) => {
      const options = new BigUint64Array([TRACEPOINT_OPTIONS_SIZE, BigInt(cookie)]);
      const attached = call(
        'bpf_program__attach_tracepoint_opts',
        program(name),
        category,
        tracepoint,
        options,
      );
      return keep(attached as Pointer, pin);
    },
    attach: (name, pin = '') => keep(call('bpf_program__attach', program(name)) as Pointer, pin),
    detach: (pin) => {
      const link = links.get(pin);
      if (link === undefined) return;
      links.delete(pin);
      call('bpf_link__destroy', link);
    },
    pinMap: (name, path) => (call('bpf_obj_pin', fd(name), path) === 0 ? 0 : -(koffi.errno() || 1)),
    update: (name, key, value) => Number(call('bpf_map_update_elem', fd(name), key, value, 0)),
    remove: (name, key) => Number(call('bpf_map_delete_elem', fd(name), key)),
    lookup: (name, key, value) => Number(call('bpf_map_lookup_elem', fd(name), key, value)),
    keys: (name, keySizeBytes, limit) => {
      const found: Uint8Array[] = [];
      let last: Uint8Array | null = null;
      while (found.length < limit) {
        const next = new Uint8Array(keySizeBytes);
        if (call('bpf_map_get_next_key', fd(name), last, next) !== 0) break;
        found.push(next);
        last = next;
      }
      return found;
    },
    mapRing: (name, sizeBytes): RingPages => {
      const page = Number(call('getpagesize'));
      const consumer = mapPages(name, page, PROT_READ | PROT_WRITE, 0);
      // the kernel lays the data out twice in a row; only as much of the second copy is needed as a record may wrap
      const dataBytes = sizeBytes + Math.min(sizeBytes, LONGEST_RECORD);
      const start = mapPages(name, page + dataBytes, PROT_READ, page);
      return {
        consumer: koffi.view(consumer, page),
        producer: koffi.view(start, page),
        data: koffi.view(start + BigInt(page), dataBytes),
      };
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      for (const link of links.values()) call('bpf_link__destroy', link);
      for (const { address, length } of mappings) call('munmap', address, length);
      call('bpf_object__close', object);
    },
  };
}
