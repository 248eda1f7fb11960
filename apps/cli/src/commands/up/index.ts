// `guardcell up`: the whole platform on this machine, in the foreground.
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RulesReport, SensorReport } from '@guardcell/core';
import { CodedError, type Logger } from '@guardcell/kit';
import {
  type Command,
  type CommandContext,
  EXIT,
  flag,
  type OptionValues,
  text,
  texts,
} from '../../command.ts';
import { dataDir, PROJECT_ROOT } from '../../paths.ts';
import { VERSION } from '../../version.ts';
import { readKey, SNAPSHOT } from '../db/options.ts';
import { holdDataFolder } from './data-folder.ts';
import { runNode } from './run-node.ts';
import { type Supervised, supervise } from './supervise.ts';

const DEFAULT_LISTEN = '127.0.0.1:8610';
// Most of a young Node process is empty young generations and allocator arenas, one set a thread. With these limits the
// server needs 60 MiB and the agent 45 MiB less at rest (bench/platform.ts).
const SMALL_HEAP: readonly string[] = ['--max-semi-space-size=1'];
const SMALL_ARENAS: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' };
/** A sensor that is slow to start does not hold the console back for longer. */
const AGENT_READY_MS = 20_000;

interface Address {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:8610`, `[::1]:8610`, `:8610`. @throws CodedError GC_USAGE. */
export function parseListen(given: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]*)):(\d{1,5})$/.exec(given);
  const port = Number(match?.[3] ?? Number.NaN);
  if (match === null || !(port <= 65_535)) {
    throw new CodedError('GC_USAGE', `'${given}' is not HOST:PORT`, {
      hint: 'For example --listen 127.0.0.1:8610.',
    });
  }
  return { host: match[1] ?? (match[2] === '' ? '0.0.0.0' : (match[2] ?? '')), port };
}

function existingPaths(options: OptionValues, name: string): string[] {
  return texts(options, name).map((given) => {
    const path = resolve(given);
    if (!existsSync(path)) {
      throw new CodedError('GC_USAGE_PATH_NOT_FOUND', `--${name} names something that does not exist`, {
        at: path,
      });
    }
    return path;
  });
}

interface Failure {
  readonly kind: 'failed';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly at?: string;
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}

interface ServerReady {
  readonly url: string;
  readonly adminPassword?: string;
}

interface Platform {
  readonly dir: string;
  readonly address: Address;
  readonly rulePaths: readonly string[];
  readonly responsePaths: readonly string[];
  readonly sensor: boolean;
  readonly auditLogs: readonly string[];
  readonly auditClients: readonly string[];
}

/** Whose vulnerability databases are taken, and from where feeds come, as for `guardcell db update`. */
function databaseOptions(): {
  readonly databaseKeys: readonly string[];
  readonly feedUrls: readonly string[];
} {
  const key = process.env['GUARDCELL_DB_TRUST_KEY'];
  const urls = (process.env['GUARDCELL_DB_FEED_URLS'] ?? '').split(/\s+/);
  return {
    databaseKeys: key === undefined ? [] : [readKey(key)],
    feedUrls: urls.filter((each) => /^[\w-]+=https?:/.test(each)),
  };
}

/** Resolves with the first `ready`; a failure before that is thrown, later ones only lead to restarts. */
function startServer(
  platform: Platform,
  logger: Logger,
): { readonly child: Supervised; readonly ready: Promise<ServerReady> } {
  const { promise, resolve: settle, reject } = Promise.withResolvers<ServerReady>();
  let port = platform.address.port;
  const child = supervise(
    {
      name: 'server',
      entry: join(PROJECT_ROOT, 'apps/server/src/main.ts'),
      nodeArgs: SMALL_HEAP,
      env: () => ({
        ...SMALL_ARENAS,
        GUARDCELL_SERVER_OPTIONS: JSON.stringify({
          dataDir: platform.dir,
          host: platform.address.host,
          port,
          agentSocket: join(platform.dir, 'agent.sock'),
          builtinRulesDir: join(PROJECT_ROOT, 'content/rules'),
          rulePaths: platform.rulePaths,
          responsePaths: platform.responsePaths,
          k8sAudit: { logs: platform.auditLogs, clients: platform.auditClients },
          advisories: SNAPSHOT,
          ...databaseOptions(),
          webRoot: join(PROJECT_ROOT, 'apps/web/dist'),
          version: VERSION,
          // `/readyz` then waits for the agent to have the rules.
          expectAgent: platform.sensor,
        }),
      }),
      onMessage(message) {
        if (kindOf(message) === 'ready') {
          const ready = message as ServerReady;
          // A port chosen by the system is kept across restarts.
          port = Number(new URL(ready.url).port);
          settle(ready);
        } else if (kindOf(message) === 'failed') {
          const failure = message as Failure;
          reject(new CodedError(failure.code, failure.message, { hint: failure.hint, at: failure.at ?? '' }));
        }
      },
    },
    logger,
  );
  return { child, ready: promise };
}

interface AgentReady {
  readonly sensor: SensorReport;
  readonly rules: RulesReport;
}

function startAgent(
  platform: Platform,
  logger: Logger,
): { readonly child: Supervised; readonly ready: Promise<AgentReady | undefined> } {
  const { promise, resolve: settle } = Promise.withResolvers<AgentReady | undefined>();
  const child = supervise(
    {
      name: 'agent',
      entry: join(PROJECT_ROOT, 'apps/agent/src/main.ts'),
      nodeArgs: SMALL_HEAP,
      env: () => ({
        ...SMALL_ARENAS,
        GUARDCELL_AGENT_OPTIONS: JSON.stringify({
          dataDir: join(platform.dir, 'agent'),
          serverSocket: join(platform.dir, 'agent.sock'),
          tokenFile: join(platform.dir, 'agent-token'),
          sensor: platform.sensor,
          version: VERSION,
        }),
      }),
      onMessage(message) {
        if (kindOf(message) === 'ready') settle(message as AgentReady);
      },
    },
    logger,
  );
  setTimeout(() => settle(undefined), AGENT_READY_MS).unref();
  return { child, ready: promise };
}

/** At once: whoever stops the platform while the agent starts must have seen it. */
function showPassword(context: CommandContext, dir: string, server: ServerReady): void {
  if (server.adminPassword === undefined) return;
  context.err(
    `\n  First start. Sign in as "admin" with this password; it is shown only now:\n\n    ${server.adminPassword}\n\n`,
  );
  // The server keeps it until somebody has seen it.
  rmSync(join(dir, 'first-password'), { force: true });
}

function announce(context: CommandContext, server: ServerReady, agent: AgentReady | undefined): void {
  if (agent === undefined) context.err('the sensor is still starting; see `guardcell status`\n');
  else if (agent.sensor.state !== 'running')
    context.err(`sensor ${agent.sensor.state}: ${agent.sensor.detail}\n`);
  for (const problem of agent?.rules.problems.filter(({ level }) => level === 'error') ?? []) {
    context.err(`${problem.file}:${problem.line}:${problem.column}: ${problem.code}: ${problem.message}\n`);
  }
  context.out(`ready ${server.url}\n`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** Builds the console and fills the compile cache, if that was not done since the sources changed. */
async function prepare(context: CommandContext): Promise<void> {
  const built = await runNode(join(PROJECT_ROOT, 'tools/build-console.ts'));
  if (built.code !== 0) {
    context.logger.warn('the console could not be built; everything else runs', {
      output: built.output.slice(-2000),
    });
  }
  await runNode(join(PROJECT_ROOT, 'tools/warm-compile-cache.ts'));
}

export const up: Command = {
  name: 'up',
  summary: 'start the platform on this machine and stay in the foreground',
  usage: '',
  options: {
    data: { type: 'string', value: 'DIR', help: 'data folder (default /var/lib/guardcell for root)' },
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      help: `address of API and console (default ${DEFAULT_LISTEN})`,
    },
    'no-sensor': { type: 'boolean', help: 'run without the kernel sensor' },
    rules: {
      type: 'string',
      multiple: true,
      value: 'FILE|DIR',
      help: 'rule files besides the default ones; repeatable',
    },
    responses: { type: 'string', multiple: true, value: 'FILE|DIR', help: 'response rules; repeatable' },
    'k8s-audit-log': {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'audit log of a Kubernetes API server to follow; repeatable',
    },
    'k8s-audit-allow': {
      type: 'string',
      multiple: true,
      value: 'CIDR',
      help: 'take audit events by webhook only from there; repeatable (default: from anywhere, with a key)',
    },
  },
  runsUntilStopped: true,
  examples: ['guardcell up', 'guardcell up --data /srv/guardcell --listen 127.0.0.1:9000 --rules ./my-rules'],
  async run(context) {
    const { options, logger, signal } = context;
    const platform: Platform = {
      dir: dataDir(text(options, 'data')),
      address: parseListen(text(options, 'listen') ?? DEFAULT_LISTEN),
      rulePaths: existingPaths(options, 'rules'),
      responsePaths: existingPaths(options, 'responses'),
      sensor: !flag(options, 'no-sensor'),
      // The API server may make its log later.
      auditLogs: texts(options, 'k8s-audit-log').map((given) => resolve(given)),
      auditClients: texts(options, 'k8s-audit-allow'),
    };
    using _held = holdDataFolder(platform.dir);
    await prepare(context);
    const children: Supervised[] = [];
    const stopAll = async (): Promise<void> => {
      // The agent first: what it has just seen still reaches the store.
      for (const child of children.toReversed()) await child.stop();
    };
    try {
      const server = startServer(platform, logger);
      children.push(server.child);
      const stopped = untilAborted(signal);
      const serverReady = await Promise.race([server.ready, stopped]);
      if (serverReady !== undefined) {
        showPassword(context, platform.dir, serverReady);
        const agent = startAgent(platform, logger);
        children.push(agent.child);
        const agentReady = await Promise.race([agent.ready, stopped.then(() => undefined)]);
        if (!signal.aborted) announce(context, serverReady, agentReady);
      }
      await stopped;
    } finally {
      await stopAll();
    }
    return EXIT.ok;
  },
};
