// The shape that every container runtime plug-in has. The inventory knows runtimes only through this.
import type { Container, ContainerRuntime } from '@guardcell/core';
import type { Logger } from '@guardcell/kit';

/** Something happened to a container; ask for its details now. */
export interface RuntimeChange {
  readonly id: string;
  readonly removed: boolean;
  /** What the notice itself tells; used when the container is gone before it can be asked for. */
  readonly known?: Container;
}

/** A connection to one runtime socket; lives until `ended` settles or `close` is called. */
export interface RuntimeConnection {
  /** Version of the runtime. */
  readonly version: string;
  /** Every container the runtime knows, running or not, with all metadata. */
  list(): Promise<readonly Container[]>;
  /** One container by full id; undefined when the runtime does not know it. */
  inspect(id: string): Promise<Container | undefined>;
  /** What this runtime can do to a container; an absent member means it cannot. */
  readonly control: RuntimeControl;
  /** Settles when the connection is lost; the value says why. */
  readonly ended: Promise<string>;
  close(): void;
}

/** Actions on a container by full id. They reject with a CodedError when the runtime refuses or fails. */
export interface RuntimeControl {
  /** `docker-api`, `containerd-api`, `cri-api`. */
  readonly mechanism: string;
  pause?(id: string, signal: AbortSignal): Promise<void>;
  resume?(id: string, signal: AbortSignal): Promise<void>;
  /** Asks the first process to end and kills everything after `graceSeconds`. */
  stop?(id: string, graceSeconds: number, signal: AbortSignal): Promise<void>;
}

export interface ConnectOptions {
  readonly socket: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Called for each change from before `connect` resolves, so that nothing falls between list and watch. */
  readonly onChange: (change: RuntimeChange) => void;
  /** Whether another runtime is connected; containerd leaves `moby` to docker. */
  readonly isConnected: (runtime: ContainerRuntime) => boolean;
}

export interface RuntimePlugin {
  readonly runtime: ContainerRuntime;
  /** Sockets to try; all that exist are used. */
  readonly defaultSockets: readonly string[];
  /** Connects and starts watching. Rejects with a CodedError when nothing (suitable) answers. */
  connect(options: ConnectOptions): Promise<RuntimeConnection>;
}
