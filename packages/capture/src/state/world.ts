// Everything that is known of the captured machine while its events are read.
import { Accounts } from './accounts.ts';
import { Containers } from './containers.ts';
import { PathCache } from './paths.ts';
import { TextLists } from './text-lists.ts';
import { ThreadTable } from './thread-table.ts';

export interface World {
  readonly threads: ThreadTable;
  readonly accounts: Accounts;
  readonly containers: Containers;
  readonly paths: PathCache;
  readonly lists: TextLists;
  /** Addresses of the host's interfaces. */
  readonly localAddresses: Set<string>;
  /** Name of the host, '' while unknown. */
  hostname: string;
  /** ns since 1970, 0 when unknown. */
  bootTimeNs: bigint;
}

export function createWorld(maxThreads?: number): World {
  const containers = new Containers();
  return {
    threads: new ThreadTable(containers, maxThreads),
    accounts: new Accounts(),
    containers,
    paths: new PathCache(),
    lists: new TextLists(),
    localAddresses: new Set(),
    hostname: '',
    bootTimeNs: 0n,
  };
}

/** A new section begins: another capture, perhaps of another machine. */
export function resetWorld(world: World): void {
  world.threads.clear();
  world.accounts.clear();
  world.containers.clear();
  world.localAddresses.clear();
  world.hostname = '';
  world.bootTimeNs = 0n;
}
