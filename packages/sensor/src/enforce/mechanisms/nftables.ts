// Cutting a network namespace off with nftables: all packets are dropped except on loopback. Works inside the
// container's namespace, so the host and every other container stay untouched. Spec: nft(8), nsenter(1).
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { CodedError } from '@guardcell/kit';
import { isInContainer, networkNamespace } from '../../containers/host-process.ts';
import { listOf, objectOf, parseJson, textOf } from '../../containers/json-fields.ts';
import { requireTool, runTool, type ToolRun } from './child-process.ts';

const QUARANTINE_TABLE = 'guardcell_quarantine';
const FAMILIES = ['inet', 'netdev'] as const;
type Family = (typeof FAMILIES)[number];
const CHAINS = ['input', 'output', 'forward'] as const;
/** Before connection tracking and every rule of the container's own. */
const PRIORITY = -400;

function inetTable(): string {
  const loopback = { input: 'iifname "lo" accept', output: 'oifname "lo" accept', forward: '' };
  const chains = CHAINS.map(
    (hook) =>
      `  chain ${hook} {\n    type filter hook ${hook} priority ${PRIORITY}; policy drop;\n    ${loopback[hook]}\n  }`,
  );
  return `table inet ${QUARANTINE_TABLE} {\n${chains.join('\n')}\n}\n`;
}

/** Frames as well: packet sockets and ARP do not pass the hooks of `inet`. */
function netdevTable(devices: readonly string[]): string {
  const chains = devices.flatMap((device, at) =>
    ['ingress', 'egress'].map(
      (hook) =>
        `  chain ${hook}_${at} {\n    type filter hook ${hook} device "${device}" priority ${PRIORITY}; policy drop;\n  }`,
    ),
  );
  return `table netdev ${QUARANTINE_TABLE} {\n${chains.join('\n')}\n}\n`;
}

/** One transaction that replaces whatever was there: `add` makes `delete` succeed, nothing in between is visible. */
function script(family: Family, table: string): string {
  const name = `${family} ${QUARANTINE_TABLE}`;
  return `add table ${name}\ndelete table ${name}\n${table}`;
}

/** Names of network devices in the text of /proc/PID/net/dev, without loopback and without names that nft cannot take. */
export function parseDevices(netDev: string): readonly string[] {
  return netDev
    .split('\n')
    .map((line) => /^\s*([\w.@-]{1,15}):/.exec(line)?.[1] ?? '')
    .filter((name) => name !== '' && name !== 'lo');
}

/** An open network namespace: it stays the same one whatever happens to the process it was opened through. */
export interface OpenNamespace {
  readonly fd: number;
  /** `net:[4026532281]`, as the links in /proc/PID/ns read. */
  readonly identity: string;
  readonly devices: readonly string[];
  [Symbol.dispose](): void;
}

/**
 * Opens the network namespace of a container's process.
 * @throws CodedError GC_TARGET_GONE when the process ended or is not (any more) in that container.
 */
export function openNamespace(pid: number, containerId: string): OpenNamespace {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/ns/net`, 'r');
  } catch (cause) {
    throw new CodedError('GC_TARGET_GONE', "the container's network namespace cannot be opened", { cause });
  }
  // The descriptor is open: should the pid have been reused before, this says so.
  if (!isInContainer(pid, containerId)) {
    closeSync(fd);
    throw new CodedError('GC_TARGET_GONE', 'the process no longer belongs to the container');
  }
  let netDev = '';
  try {
    netDev = readFileSync(`/proc/${pid}/net/dev`, 'utf8');
  } catch {
    // Ended just now; the namespace may live on through others.
  }
  return {
    fd,
    identity: `net:[${fstatSync(fd).ino}]`,
    devices: parseDevices(netDev),
    [Symbol.dispose]: () => closeSync(fd),
  };
}

/** Whether this is the network namespace of the host or of Guardcell, as far as the kernel lets us see. */
export function isHostNamespace(identity: string): boolean {
  return identity === networkNamespace('self') || identity === networkNamespace(1);
}

export interface NetworkIsolation {
  /** Cuts the namespace off; true when frames are dropped too. @throws CodedError GC_TOOL_MISSING, GC_NFT_FAILED. */
  cutOff(namespace: OpenNamespace, signal: AbortSignal): Promise<{ readonly frames: boolean }>;
  /** Undoes it; false when there was nothing to undo. */
  restore(namespace: OpenNamespace, signal: AbortSignal): Promise<boolean>;
  /** Whether the namespace is cut off now. */
  isCutOff(namespace: OpenNamespace, signal: AbortSignal): Promise<boolean>;
  /** Tries it in a namespace made for the purpose. */
  probe(signal: AbortSignal): Promise<{ readonly frames: boolean }>;
}

function checked(run: ToolRun, what: string): ToolRun {
  if (run.code === 0) return run;
  const said = run.stderr.trim().split('\n')[0] ?? '';
  throw new CodedError('GC_NFT_FAILED', `nftables failed to ${what}: ${said || `result ${run.code}`}`, {
    hint: 'Check that the kernel has nf_tables and that Guardcell has CAP_NET_ADMIN and CAP_SYS_ADMIN.',
  });
}

/** The families in which the quarantine's table exists, in `nft -j list tables`. */
function tablesIn(json: string): readonly Family[] {
  const tables = listOf(objectOf(parseJson(json))['nftables']).map((item) =>
    objectOf(objectOf(item)['table']),
  );
  return FAMILIES.filter((family) =>
    tables.some((table) => textOf(table['family']) === family && textOf(table['name']) === QUARANTINE_TABLE),
  );
}

/** Whether `nft -j list table` shows all three chains with the policy `drop`. */
export function dropsEverything(json: string): boolean {
  const chains = listOf(objectOf(parseJson(json))['nftables']).map((item) =>
    objectOf(objectOf(item)['chain']),
  );
  return CHAINS.every((hook) =>
    chains.some((chain) => textOf(chain['hook']) === hook && textOf(chain['policy']) === 'drop'),
  );
}

export function nftablesIsolation(): NetworkIsolation {
  function nft(
    namespace: OpenNamespace,
    args: readonly string[],
    signal: AbortSignal,
    input = '',
  ): Promise<ToolRun> {
    const nsenter = requireTool('nsenter', 'util-linux');
    const tool = requireTool('nft', 'nftables');
    return runTool(nsenter, ['--net=/proc/self/fd/3', '--', tool, ...args], {
      input,
      extraFd: namespace.fd,
      signal,
    });
  }

  async function isCutOff(namespace: OpenNamespace, signal: AbortSignal): Promise<boolean> {
    const run = await nft(namespace, ['-j', 'list', 'table', 'inet', QUARANTINE_TABLE], signal);
    return run.code === 0 && dropsEverything(run.stdout);
  }

  return {
    isCutOff,
    cutOff: async (namespace, signal) => {
      const load = ['-f', '-'];
      checked(await nft(namespace, load, signal, script('inet', inetTable())), 'cut the container off');
      const { devices } = namespace;
      // Needs Linux 5.16; without it packets are dropped all the same.
      const netdev = script('netdev', netdevTable(devices));
      const frames = devices.length > 0 && (await nft(namespace, load, signal, netdev)).code === 0;
      if (!(await isCutOff(namespace, signal))) {
        throw new CodedError('GC_NFT_FAILED', 'the rules are not there after they were loaded');
      }
      return { frames };
    },
    restore: async (namespace, signal) => {
      const before = checked(await nft(namespace, ['-j', 'list', 'tables'], signal), 'list tables');
      const there = tablesIn(before.stdout);
      for (const family of there) {
        checked(
          await nft(namespace, ['delete', 'table', family, QUARANTINE_TABLE], signal),
          'delete the rules',
        );
      }
      const after = checked(await nft(namespace, ['-j', 'list', 'tables'], signal), 'list tables');
      if (tablesIn(after.stdout).length > 0) {
        throw new CodedError('GC_NFT_FAILED', 'the rules are still there after they were deleted');
      }
      return there.length > 0;
    },
    probe: async (signal) => {
      const unshare = requireTool('unshare', 'util-linux');
      const tool = requireTool('nft', 'nftables');
      requireTool('nsenter', 'util-linux');
      const trial = (input: string): Promise<ToolRun> =>
        runTool(unshare, ['--net', '--', tool, '-f', '-'], { input, signal });
      checked(await trial(script('inet', inetTable())), 'load rules into a new namespace');
      const frames = await trial(script('netdev', netdevTable(['lo'])));
      return { frames: frames.code === 0 };
    },
  };
}
