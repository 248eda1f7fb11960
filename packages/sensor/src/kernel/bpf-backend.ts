// What the sensor needs from a BPF loader. libbpf through koffi is one backend; another can replace it.

/** A kernel error as a negative number (`-1` is EPERM), or 0. */
export type KernelResult = number;

export interface BpfObject {
  /** Before load: number of entries of a map (bytes for the ring). */
  resizeMap(map: string, entries: number): void;
  /** Verifies and loads all programs and maps. */
  load(): KernelResult;
  /** Attaches a program to `tracepoint:<category>/<name>`; may be repeated with other names. */
  attachTracepoint(program: string, category: string, name: string): KernelResult;
  /** Attaches a program to what its own section names. */
  attach(program: string): KernelResult;
  update(map: string, key: Uint8Array, value: Uint8Array): KernelResult;
  remove(map: string, key: Uint8Array): KernelResult;
  /** Fills `value`; per-CPU maps need room for every possible CPU. */
  lookup(map: string, key: Uint8Array, value: Uint8Array): KernelResult;
  /**
   * From now on each new attachment is also kept by a file in this folder of a BPF file system. The kernel then takes
   * attachments down in the background: otherwise it makes whoever closes them wait, even a killed process.
   */
  pinTo(folder: string): void;
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
  mount(source: string, target: string, type: string): KernelResult;
  /** CLOCK_BOOTTIME and CLOCK_REALTIME, ns, read one right after the other. */
  clocks(): { readonly bootNs: bigint; readonly realNs: bigint };
}
