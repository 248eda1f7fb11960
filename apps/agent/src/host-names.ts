// fd.sip.name and its kind: addresses of the domain names that rules mention, from /etc/hosts and from name servers.
// Names are resolved ahead of time and in the background, so that judging an event never waits for the network.

import { promises as dns } from 'node:dns';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

/** Names beyond these are not resolved; rule files may list any number. */
const MAX_NAMES = 1000;
const MAX_ADDRESSES_PER_NAME = 64;
const MAX_HOSTS_BYTES = 1024 * 1024;
const PARALLEL = 8;
const HOSTS_EVERY_MS = 2000;
const FRESH_MS = 300_000;
const RETRY_MS = 60_000;
/** Services change their addresses; connections to the old ones go on for a while. */
const KEPT_MS = 3_600_000;

export interface HostNames extends Disposable {
  /** The names to know the addresses of; lower case. */
  watch(names: ReadonlySet<string>): void;
  /** Watched names that have this address; synchronous and quick. */
  namesOf(ip: string): readonly string[];
}

export interface HostNamesOptions {
  /** Default /etc/hosts. */
  readonly hostsFile?: string;
  /** Names whose addresses are known beforehand. */
  readonly fixed?: ReadonlyMap<string, readonly string[]>;
  /** All addresses of a name; rejects or gives none where it has none. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  readonly nowMs?: () => number;
}

/** Lines `address name…` of a hosts file, as lower-case name → addresses. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      const addresses = found.get(key) ?? [];
      if (!addresses.includes(address)) addresses.push(address);
      found.set(key, addresses);
    }
  }
  return found;
}

/** Inside a pod the API server's address is told by the environment, whatever name servers the node asks. */
export function clusterNames(apiServer: string): ReadonlyMap<string, readonly string[]> {
  if (isIP(apiServer) === 0) return new Map();
  const service = 'kubernetes.default';
  const names = [service, `${service}.svc`, `${service}.svc.cluster.local`];
  return new Map(names.map((name) => [name, [apiServer]]));
}

/**
 * Asks name servers (`address:port`; default those of the machine) for all addresses of a name. With a short limit and
 * without the thread pool, which files are read on.
 */
export function nameServers(servers?: readonly string[]): (name: string) => Promise<readonly string[]> {
  const resolver = new dns.Resolver({ timeout: 2000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return async (name) => {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}

interface Known {
  /** Address → when it was last among the answers. */
  readonly addresses: Map<string, number>;
  dueMs: number;
}

/** Reads and asks nothing until something is watched. */
export function createHostNames(options: HostNamesOptions = {}): HostNames {
  const { hostsFile = '/etc/hosts', fixed = new Map(), resolve = nameServers(), nowMs = Date.now } = options;
  const known = new Map<string, Known>();
  let hosts = fixed;
  let hostsStamp = '';
  let byAddress: ReadonlyMap<string, readonly string[]> = new Map();
  let running = 0;
  let timer: NodeJS.Timeout | undefined;

  function readHosts(): boolean {
    try {
      const { mtimeMs, size, ino } = statSync(hostsFile);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (stamp === hostsStamp) return false;
      hostsStamp = stamp;
      if (size > MAX_HOSTS_BYTES) throw new RangeError('too long');
      hosts = new Map([...parseHosts(readFileSync(hostsFile, 'utf8')), ...fixed]);
    } catch {
      hosts = fixed;
    }
    return true;
  }

  function index(): void {
    const made = new Map<string, string[]>();
    for (const [name, { addresses }] of known) {
      for (const address of new Set([...(hosts.get(name) ?? []), ...addresses.keys()])) {
        const names = made.get(address) ?? [];
        names.push(name);
        made.set(address, names);
      }
    }
    byAddress = made;
  }

  async function ask(name: string, entry: Known): Promise<void> {
    running++;
    entry.dueMs = nowMs() + RETRY_MS;
    const answer = await resolve(name).catch((): readonly string[] => []);
    running--;
    if (known.get(name) !== entry) return;
    const now = nowMs();
    if (answer.length > 0) entry.dueMs = now + FRESH_MS;
    for (const address of answer.slice(0, MAX_ADDRESSES_PER_NAME)) entry.addresses.set(address, now);
    for (const [address, seenMs] of entry.addresses) {
      if (seenMs + KEPT_MS < now || entry.addresses.size > MAX_ADDRESSES_PER_NAME)
        entry.addresses.delete(address);
    }
    index();
    askNext();
  }

  function askNext(): void {
    const now = nowMs();
    for (const [name, entry] of known) {
      if (running >= PARALLEL) return;
      // what the hosts file says, name servers are not asked for
      if (entry.dueMs <= now && !hosts.has(name)) void ask(name, entry);
    }
  }

  function tick(): void {
    if (readHosts()) index();
    askNext();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    watch(names) {
      const wanted = [...names].slice(0, MAX_NAMES);
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
      for (const name of wanted) if (!known.has(name)) known.set(name, { addresses: new Map(), dueMs: 0 });
      if (known.size === 0) {
        stop();
        byAddress = new Map();
        return;
      }
      readHosts();
      index();
      askNext();
      timer ??= setInterval(tick, HOSTS_EVERY_MS).unref();
    },
    namesOf: (ip) => byAddress.get(ip) ?? [],
    [Symbol.dispose]: stop,
  };
}
