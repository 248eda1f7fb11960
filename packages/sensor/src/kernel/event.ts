// The one event object of the sensor: a view on the record just read. Strings are decoded when asked for.
import type { FileDescriptor, ParamValue, RuntimeEvent, Thread } from '@guardcell/core';
import {
  fileDescriptor,
  isDatagram,
  isSocket,
  type Role,
  type RoleMemory,
  type SocketAddress,
  socketAddress,
  socketDescriptor,
  socketIdentity,
} from './descriptor.ts';
import type { EventType } from './event-types.ts';
import { HEADER_CPU, HEADER_SEQ } from './layout.generated.ts';
import { type EventSource, SLOT } from './params.ts';
import { resolvePath } from './paths.ts';
import type { RecordView } from './record.ts';

const UNREAD = Symbol('unread');

export class KernelEvent implements RuntimeEvent, EventSource {
  readonly record: RecordView;
  readonly #roles: RoleMemory;
  readonly #wallClockNs: (bootNs: bigint) => bigint;
  #type!: EventType;
  #thread!: Thread;
  #num = 0;
  #fd: FileDescriptor | undefined | typeof UNREAD = UNREAD;
  #path: string | undefined | typeof UNREAD = UNREAD;

  constructor(record: RecordView, roles: RoleMemory, wallClockNs: (bootNs: bigint) => bigint) {
    this.record = record;
    this.#roles = roles;
    this.#wallClockNs = wallClockNs;
  }

  /** Points the object at the record that `record` is on. */
  begin(type: EventType, thread: Thread): this {
    this.#type = type;
    this.#thread = thread;
    this.#num++;
    this.#fd = UNREAD;
    this.#path = UNREAD;
    return this;
  }

  get num(): number {
    return this.#num;
  }

  get type(): string {
    return this.#type.name;
  }

  get timeNs(): bigint {
    return this.#wallClockNs(this.record.timeNs);
  }

  get cpu(): number {
    return this.record.u32(HEADER_CPU);
  }

  /** Names the kernel's record: what is read again after a crash has the same one. */
  get identity(): string {
    const { record } = this;
    return `${record.timeNs.toString(36)}-${record.u32(HEADER_CPU)}-${record.u32(HEADER_SEQ).toString(36)}`;
  }

  get result(): number | undefined {
    return this.#type.hasResult ? this.record.result : undefined;
  }

  get thread(): Thread {
    return this.#thread;
  }

  get fd(): FileDescriptor | undefined {
    if (this.#fd === UNREAD) this.#fd = this.#readFd();
    return this.#fd;
  }

  get path(): string | undefined {
    if (this.#path === UNREAD) this.#path = this.#readPath();
    return this.#path;
  }

  #readPath(): string | undefined {
    switch (this.#type.path) {
      case 'a':
        return this.#resolve(SLOT.pathA);
      case 'b':
        return this.#resolve(SLOT.pathB);
      case undefined:
        return undefined;
    }
  }

  get targetPath(): string | undefined {
    return this.#type.target === undefined ? undefined : this.#resolve(SLOT.pathB);
  }

  param(name: string): ParamValue | undefined {
    return this.#type.params.get(name)?.(this);
  }

  paramNames(): readonly string[] {
    return this.#type.paramNames;
  }

  givenAddress(): SocketAddress | undefined {
    return this.record.hasSlot(SLOT.address) ? socketAddress(this.record.copy(SLOT.address)) : undefined;
  }

  #resolve(slot: number): string {
    const given = this.record.text(slot);
    return given.startsWith('/') ? resolvePath('', given) : resolvePath(this.record.text(slot + 1), given);
  }

  #readFd(): FileDescriptor | undefined {
    const { fd } = this.#type;
    if (fd === undefined) return undefined;
    const { record } = this;
    const num = fd === 'result' ? (record.result < 0 ? -1 : record.result) : record.argInt(fd);
    if (this.#type.isOpen) {
      const path = record.result < 0 ? this.#resolve(SLOT.pathA) : record.text(SLOT.fdPath);
      const isAsGiven = record.result >= 0 && record.isSame(SLOT.pathA, SLOT.fdPath);
      const given = isAsGiven ? path : record.text(SLOT.pathA);
      return fileDescriptor(record, num, path, given === '' ? path : given);
    }
    if (!isSocket(record)) {
      const path = record.text(SLOT.fdPath);
      return path === '' ? undefined : fileDescriptor(record, num, path, path);
    }
    return socketDescriptor(record, num, this.#role(), this.givenAddress(), record.text(SLOT.fdPath));
  }

  #role(): Role {
    const { role, receives } = this.#type;
    if (role !== undefined) return role;
    const seen = this.#roles.get(socketIdentity(this.record));
    return seen === undefined && receives && isDatagram(this.record) ? 'server' : seen;
  }
}
