// The composition root: opens the stores, makes the parts, wires them together, listens, and takes it all down again.
import type { AddressInfo } from 'node:net';
import {
  type Clock,
  CodedError,
  errorFacts,
  type Logger,
  systemClock,
  systemErrorCode,
} from '@guardcell/kit';
import { createNotifier, type Notifier, type NotifierOptions } from '@guardcell/notify';
import { createRecentActions, type ProtectedTargets } from '@guardcell/respond';
import {
  type EventStore,
  openSqliteEventStore,
  openSqliteStateStore,
  type StateStore,
  type StoredAlert,
} from '@guardcell/store';
import type { FastifyInstance } from 'fastify';
import { createAuditTrail } from './audit/audit-trail.ts';
import { createApiKeys } from './auth/api-keys.ts';
import { type Authenticator, createAuthenticator } from './auth/authenticate.ts';
import { firstPasswordIn } from './auth/first-password.ts';
import { createLoginGuard } from './auth/login-guard.ts';
import { createPasswordHasher, type ScryptCost } from './auth/password.ts';
import { createSessions } from './auth/sessions.ts';
import { createUsers } from './auth/users.ts';
import { claimSocket, openDataDir, readOrCreateToken, writeCredential } from './data-dir.ts';
import { listenForAgents } from './fleet/agent-api.ts';
import { createDesiredFeed } from './fleet/desired-feed.ts';
import { createFleet } from './fleet/fleet.ts';
import { createTrials } from './fleet/trials.ts';
import { createApp, type HttpCounters } from './http/app.ts';
import { registerRoutes } from './http/register-routes.ts';
import { createHostCheck } from './http/security.ts';
import { serveConsole } from './http/static-console.ts';
import { createIngest } from './ingest/ingest.ts';
import { createStreamLedger } from './ingest/stream-ledger.ts';
import { startHousekeeping } from './jobs/housekeeping.ts';
import { startK8sAudit } from './k8s-audit/start-k8s-audit.ts';
import { registerWebhook } from './k8s-audit/webhook.ts';
import { createLiveHub } from './live/live-hub.ts';
import type { ServerOptions } from './options.ts';
import type { Platform } from './platform.ts';
import { createRuleLoader } from './policy/load-rules.ts';
import { createRuleActivity } from './policy/rule-activity.ts';
import { createRuleFiles, tuningLast } from './policy/rule-files.ts';
import { createRuleLibrary } from './policy/rule-library.ts';
import { watchSources } from './policy/watched-sources.ts';
import { openActionLog } from './response/action-log.ts';
import { createManualActions } from './response/manual-actions.ts';
import { createNotifyRunner, type NotifyRunner } from './response/notify-runner.ts';
import { openResponseRules } from './response/response-rules.ts';
import { startResponding } from './response/start-responding.ts';
import { handlersFor } from './routes/handlers.ts';
import { registerOperations } from './routes/operations.ts';
import { type Scanning, startScanning } from './scanning/start-scanning.ts';
import { openSettings } from './settings.ts';
import { statusOf } from './status.ts';

export interface ServerDeps {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Default: SQLite in the data folder. */
  readonly stores?: { readonly state: StateStore; readonly events: EventStore };
  readonly passwordCost?: ScryptCost;
  readonly createNotifier?: (options: NotifierOptions) => Notifier;
  /** How long a caller of an action waits for its result. Default 10 s. */
  readonly actionWaitMs?: number;
}

export interface Server {
  readonly url: string;
  /** Only at the very first start. */
  readonly adminPassword: string | undefined;
  readonly app: FastifyInstance;
  readonly platform: Platform;
  /** Resolves when everything planned so far has been handed on; for tests. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Closer {
  readonly what: string;
  close(): Promise<void> | void;
}

async function listen(app: FastifyInstance, { host, port }: ServerOptions): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const at = `${host}:${port}`;
    const code = systemErrorCode(cause);
    if (code === 'EADDRINUSE') {
      throw new CodedError('GC_PORT_IN_USE', `another program listens on ${at}`, {
        at,
        cause,
        hint: 'Stop it, or choose another address with --listen HOST:PORT.',
      });
    }
    throw new CodedError('GC_LISTEN', `cannot listen on ${at} (${code ?? 'error'})`, {
      at,
      cause,
      hint: 'Choose an address of this machine, and a port above 1023 unless you are root.',
    });
  }
}

function urlOf(app: FastifyInstance, options: ServerOptions): string {
  const { port } = app.server.address() as AddressInfo;
  const any: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const host = any[options.host] ?? (options.host.includes(':') ? `[${options.host}]` : options.host);
  return `http://${host}:${port}`;
}

/**
 * Starts everything; on failure what was started is taken down again.
 * @throws CodedError GC_DATA_DIR_NOT_WRITABLE, GC_DATA_DIR_IN_USE, GC_PORT_IN_USE, GC_LISTEN, GC_STORE_…
 */
export async function startServer(options: ServerOptions, deps: ServerDeps): Promise<Server> {
  const closers: Closer[] = [];
  const { logger } = deps;
  async function close(): Promise<void> {
    for (const each of closers.splice(0).toReversed()) {
      try {
        await each.close();
      } catch (thrown) {
        logger.warn('a part did not stop properly', { part: each.what, ...errorFacts(thrown) });
      }
    }
  }
  try {
    return await compose(options, deps, closers, close);
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function compose(
  options: ServerOptions,
  deps: ServerDeps,
  closers: Closer[],
  close: () => Promise<void>,
): Promise<Server> {
  const { logger, clock = systemClock } = deps;
  const dir = await openDataDir(options.dataDir, options.agentSocket);
  await claimSocket(dir.agentSocket);

  const state = deps.stores?.state ?? (await openSqliteStateStore({ file: dir.stateFile, logger }));
  closers.push({ what: 'state store', close: () => state.close() });
  const events = deps.stores?.events ?? (await openSqliteEventStore({ dir: dir.eventsDir, logger, clock }));
  closers.push({ what: 'event store', close: () => events.close() });

  const settings = await openSettings(state);
  const users = createUsers(state, createPasswordHasher(deps.passwordCost), clock);
  const sessions = createSessions(state, clock);
  const apiKeys = createApiKeys(state, clock);
  const firstPassword = firstPasswordIn(dir.firstPasswordFile);
  const audit = createAuditTrail(state, clock, logger);
  const adminPassword = await users.ensureAdmin(firstPassword);

  const { lastPosition } = await events.stats();
  const live = createLiveHub(events, lastPosition, logger);
  let scanning: Scanning | undefined;
  const fleet = createFleet(clock, {
    onContainersChanged() {
      live.hint('container', { changed: true });
      scanning?.running.changed();
    },
    onStatusChanged: () => live.hint('status', { changed: 'agent' }),
  });

  let onPolicy: () => void = () => undefined;
  let useAuditPolicy: () => void = () => undefined;
  // Who checks many files in the console must not keep the rules in force from being listed.
  const ruleLoader = createRuleLoader();
  const library = createRuleLibrary({
    loader: createRuleLoader(),
    disabledRules: settings.disabledRules,
    onChange: () => onPolicy(),
    logger,
  });
  const recent = createRecentActions();
  const actions = await openActionLog({
    state,
    clock,
    onChange: (record) => live.hint('action', record),
    onFailed({ cooldown }) {
      if (cooldown !== undefined) recent.failed(cooldown, clock.nowMs());
    },
  });
  const trials = createTrials({
    clock,
    changed: () => desired.changed(),
    sensors: () =>
      fleet
        .agents()
        .map(({ sensorId }) => sensorId)
        .filter((id) => desired.reaches(id)),
  });
  const desired = createDesiredFeed(
    library.policy,
    (sensor) => actions.commandsFor(sensor),
    trials.open,
    (sensor) => scanning?.agentScans.desired(sensor),
  );
  onPolicy = () => {
    desired.changed();
    useAuditPolicy();
    live.hint('status', { changed: 'rules' });
  };
  const ruleSources = await watchSources({
    roots: [
      ...(options.builtinRulesDir === '' ? [] : [{ path: options.builtinRulesDir, label: 'builtin' }]),
      ...options.rulePaths.map((path) => ({ path })),
      { path: dir.rulesDir, label: 'custom' },
    ],
    onChange: (sources) => library.useFiles(tuningLast(sources)),
    logger,
  });
  closers.push({ what: 'rule files', close: () => ruleSources.close() });
  const ruleFiles = createRuleFiles({
    dir: dir.rulesDir,
    sources: () => tuningLast(ruleSources.current()),
    async refresh() {
      await ruleSources.refresh();
      await library.loaded();
    },
    loaded: library.current,
    loader: ruleLoader,
  });
  const ruleActivity = createRuleActivity(events, clock);
  const responses = await openResponseRules(state, () => live.hint('status', { changed: 'responses' }));
  const responseSources = await watchSources({
    roots: options.responsePaths.map((path) => ({ path })),
    onChange: (sources) => responses.useFiles(sources),
    logger,
  });
  closers.push({ what: 'response files', close: () => responseSources.close() });

  const protectedTargets = (): ProtectedTargets => ({
    containers: settings.current().protectedContainers,
    pids: [process.pid, process.ppid],
  });
  const notifierOptions: NotifierOptions = { allow: () => settings.current().notifyAllow, clock, logger };
  const notifier = (deps.createNotifier ?? createNotifier)(notifierOptions);
  const notify: NotifyRunner = createNotifyRunner({ log: actions, notifier, events, clock, logger });
  closers.push({ what: 'notifications', close: () => notify.stop() });
  const planner = await startResponding({
    state,
    events,
    log: actions,
    recent,
    responses,
    settings,
    protectedTargets,
    notify,
    desired,
    clock,
    logger,
    lastPosition,
  });
  closers.push({ what: 'response planning', close: () => planner.stop() });

  function onStored(stored: readonly StoredAlert[]): void {
    planner.offer(stored);
    ruleActivity.note(stored);
    live.publish(stored);
  }
  const ingest = createIngest({ events, ledger: createStreamLedger(events), onStored, clock, logger });
  const k8sAudit = startK8sAudit({ state, ingest, clock, logger });
  closers.push({ what: 'Kubernetes audit', close: () => k8sAudit.stop() });
  useAuditPolicy = () => {
    const policy = library.policy();
    if (policy !== undefined) k8sAudit.setPolicy(policy);
  };
  const scans = await startScanning({
    dataDir: dir.root,
    secretsDir: dir.secretsDir,
    snapshot: options.advisories ?? '',
    trustedKeys: options.databaseKeys ?? [],
    feedUrls: options.feedUrls ?? [],
    state,
    ingest,
    fleet,
    users,
    settings: () => settings.current().scanning,
    audit,
    desiredChanged: () => desired.changed(),
    hint: (data) => live.hint('scan', data),
    clock,
    logger,
  });
  scanning = scans;
  closers.push({ what: 'scanning', close: () => scans.stop() });
  const manual = createManualActions({
    state,
    log: actions,
    fleet,
    desired,
    protectedTargets,
    clock,
    waitMs: deps.actionWaitMs ?? 10_000,
  });

  let auth: Authenticator | undefined;
  let url = '';
  let cookieName = 'guardcell_session';
  const http: HttpCounters = { answers: {}, seconds: 0 };
  const app = await createApp({
    auth: () => auth ?? createAuthenticator(sessions, apiKeys, ''),
    cookieName: () => cookieName,
    checkHost: createHostCheck(options.host, options.publicUrl),
    clock,
    logger,
    counters: http,
  });
  closers.push({ what: 'HTTP server', close: () => app.close() });

  const platform: Platform = {
    options,
    clock,
    logger,
    startedAtMs: clock.nowMs(),
    state,
    events,
    auth: {
      identify: (headers, cookie) => auth?.identify(headers, cookie) ?? Promise.resolve(undefined),
      isStillValid: (principal) => auth?.isStillValid(principal) ?? Promise.resolve(false),
    },
    users,
    firstPassword,
    audit,
    secretsDir: dir.secretsDir,
    sessions,
    apiKeys,
    loginGuard: createLoginGuard(clock),
    settings,
    fleet,
    desired,
    ingest,
    k8sAudit,
    live,
    library,
    ruleLoader,
    ruleFiles,
    trials,
    ruleActivity,
    responses,
    actions,
    manual,
    scanning: scans,
    http,
    url: () => url,
    cookieName: () => cookieName,
    status: () => statusOf(platform),
  };
  registerRoutes(app, handlersFor(platform), audit.append);
  registerOperations(app, platform);
  await registerWebhook(app, {
    platform,
    evaluator: k8sAudit.evaluator,
    stream: k8sAudit.webhookStream,
    clients: options.k8sAudit?.clients ?? [],
  });
  await serveConsole(app, options.webRoot);
  await library.loaded();
  useAuditPolicy();
  for (const log of options.k8sAudit?.logs ?? []) await k8sAudit.follow(log);
  await listen(app, options);
  const ownUrl = urlOf(app, options);
  url = options.publicUrl ?? ownUrl;
  // Cookies know no ports: two platforms on one machine must not sign each other out.
  if (options.publicUrl === undefined) cookieName = `guardcell_session_${new URL(ownUrl).port}`;
  auth = createAuthenticator(sessions, apiKeys, await writeCredential(dir.credentialFile, ownUrl));

  const token = await readOrCreateToken(dir.agentTokenFile, 'gca_');
  const agents = await listenForAgents(
    { token, ingest, fleet, desired, actions, trials, scans: scans.agentScans, clock, logger },
    dir.agentSocket,
  );
  closers.push({ what: 'agent socket', close: () => agents.close() });
  const reaches = (sensor: string): boolean => desired.reaches(sensor);
  const jobs = startHousekeeping({
    events,
    actions,
    scanning: scans,
    audit,
    state,
    sessions,
    settings,
    reaches,
    clock,
    logger,
  });
  closers.push({ what: 'jobs', close: () => jobs.stop() });
  await scans.begin();

  async function settled(): Promise<void> {
    await ingest.idle();
    await planner.idle();
  }
  return { url, adminPassword, app, platform, settled, close };
}
