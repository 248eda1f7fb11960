// What the sensor needs from a BPF loader. libbpf through koffi is one backend; another can replace it.

/** A kernel error as a negative number (`-1` is EPERM), or 0. */
export type KernelResult = number;

export interface BpfObject {
  /** Before load: number of entries of a map (bytes for the ring). */
  resizeMap(map: string, entries: number): void;
  /** Before load: uses the map that was pinned at `path` instead of making one; it can be used at once. */
  reuseMap(map: string, path: string): KernelResult;
  /** Before load: whether a program is loaded with the object. */
  setAutoload(program: string, isLoaded: boolean): void;
  /** Verifies and loads all programs and maps. */
  load(): KernelResult;
  /**
   * Attaches a program to `tracepoint:<category>/<name>`; may be repeated with other names. With `pin`, a path in a
   * BPF file system, a file there keeps the attachment too. The kernel then takes it down in the background: otherwise
   * it makes whoever closes it wait, even a killed process. `cookie` is what the program finds out about the
   * attachment that called it.
   */
  attachTracepoint(
    program: string,
    category: string,
    name: string,
    pin?: string,
    cookie?: number,
  ): KernelResult;
  /** Attaches a program to what its own section names. */
  attach(program: string, pin?: string): KernelResult;
  /** Lets go of an attachment made here under this pin; the pin itself keeps it until it is removed. */
  detach(pin: string): void;
  pinMap(map: string, path: string): KernelResult;
  update(map: string, key: Uint8Array, value: Uint8Array): KernelResult;
  remove(map: string, key: Uint8Array): KernelResult;
  /** Fills `value`; per-CPU maps need room for every possible CPU. */
  lookup(map: string, key: Uint8Array, value: Uint8Array): KernelResult;
  /** Keys of a hash map, at most `limit`. */
  keys(map: string, keySizeBytes: number, limit: number): readonly Uint8Array[];
  /** The pages of a ring buffer map, valid until `close`. */
  mapRing(map: string, sizeBytes: number): RingPages;
  /** Detaches everything and frees it. */
  close(): void;
}

export interface RingPages {
  /** One writable page that starts with the consumer position. */
  readonly consumer: ArrayBuffer;
  /** One read-only page that starts with the producer position. */
  readonly producer: ArrayBuffer;
  /** The data, and behind it again as much of its start as a record may need, so that no record wraps. */
  readonly data: ArrayBuffer;
}

export interface BpfBackend {
  readonly version: string;
  readonly possibleCpus: number;
  /** @throws CodedError GC_SENSOR_BAD_OBJECT when the file cannot be opened as a BPF object. */
  openObject(path: string): BpfObject;
  /** Reads one element of a map pinned at `path`. */
  lookupPinned(path: string, key: Uint8Array, value: Uint8Array): KernelResult;
  /** Takes the exclusive lock of an open file without waiting; it ends when the file is closed. */
  tryLock(fd: number): boolean;
  mount(source: string, target: string, type: string): KernelResult;
  /** CLOCK_BOOTTIME and CLOCK_REALTIME, ns, read one right after the other. */
  clocks(): { readonly bootNs: bigint; readonly realNs: bigint };
}
