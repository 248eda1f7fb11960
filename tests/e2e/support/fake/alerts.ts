// Alerts of the fake platform, made by the real rule engine from the default rules: messages, matched clauses and
// fields are what a user would see.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Alert, alertId, type Container, isHost, type RuleFile } from '@guardcell/core';
import { createEngine, type LoadResult, loadRules, syntheticEvent } from '@guardcell/rules';
import { alertContainer, draftAlert } from '../../../../apps/agent/src/alert-draft.ts';
import { type LibraryRule, libraryRule } from '../../../../apps/server/src/policy/library-rule.ts';
import { FAKE_HOST } from './containers.ts';
import { type Random, seededRandom } from './random.ts';
import { ATTACK, SCENARIOS, type Scenario } from './scenarios.ts';

const RULES = resolve(import.meta.dirname, '../../../../content/rules');
export const FAKE_SENSOR = 'node-a';
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const QUIET_ALERTS = 290;
const USERS: Readonly<Record<number, string>> = { 0: 'root', 33: 'www-data', 999: 'postgres', 1000: 'app' };

const NAMES = {
  userName: (uid: number): string => USERS[uid] ?? '',
  groupName: (gid: number): string => USERS[gid] ?? '',
  forget: (): void => undefined,
  remember: (): void => undefined,
};

let defaults: LoadResult | undefined;

let files: readonly RuleFile[] | undefined;

/** The rule files that come with the product. */
export function builtinFiles(): readonly RuleFile[] {
  files ??= readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .sort()
    .map((name) => ({ name: `builtin/${name}`, content: readFileSync(join(RULES, name), 'utf8') }));
  return files;
}

function defaultRules(): LoadResult {
  defaults ??= loadRules(builtinFiles());
  return defaults;
}

/** The default rules as the API lists them. */
export function fakeRules(): LibraryRule[] {
  return defaultRules().rules.map(libraryRule);
}

/** The shim is outside the container; below it the first process is 1. */
function parentVpid(at: number, count: number, firstPid: number, onHost: boolean): number {
  if (onHost || at === count - 1) return Math.max(2, firstPid - at * 7);
  return at === count - 2 ? 1 : 30 - at * 9;
}

/** Fires one rule for one event. @throws Error when the rule does not catch the scenario. */
function fire(scenario: Scenario, container: Container, timeMs: number, seq: number): Alert {
  const load = defaultRules();
  const rule = load.rules.find(({ name }) => name === scenario.rule);
  if (rule === undefined) throw new Error(`there is no rule "${scenario.rule}"`);
  const { kubernetes } = container;
  const firstPid = 4000 + ((seq * 37) % 28_000);
  const actor = scenario.event.process ?? {};
  const event = syntheticEvent({
    ...scenario.event,
    num: 1_000_000 + seq * 911,
    timeNs: BigInt(Math.round(timeMs)) * 1_000_000n + BigInt((seq * 7919) % 1_000_000),
    process: {
      ...actor,
      pid: firstPid + 60,
      vpid: isHost(container) ? firstPid + 60 : 40 + (seq % 50),
      parents: (actor.parents ?? []).map((parent, at) => ({
        pid: Math.max(2, firstPid - at * 7),
        vpid: parentVpid(at, actor.parents?.length ?? 0, firstPid, isHost(container)),
        startedMsAgo: 60_000 * (at + 1) ** 3,
        ...parent,
      })),
    },
    container: isHost(container)
      ? 'host'
      : {
          id: container.id,
          name: container.name,
          image: container.image.reference,
          digest: container.image.digest,
          privileged: container.privileged,
          ...(kubernetes !== undefined && { namespace: kubernetes.namespace, pod: kubernetes.podName }),
        },
  });
  let alert: Alert | undefined;
  const engine = createEngine(
    { ...load, rules: [{ ...rule, enabled: true }] },
    {
      hostname: FAKE_HOST,
      userName: (uid) => USERS[uid],
    },
  );
  engine.evaluate(event, (match) => {
    const draft = draftAlert(match, event, FAKE_HOST, NAMES);
    alert = {
      ...draft,
      id: alertId({ sensor: FAKE_SENSOR, epoch: 1, seq }),
      container: alertContainer(container),
    };
  });
  if (alert === undefined) throw new Error(`the rule "${scenario.rule}" does not catch its scenario`);
  return alert;
}

function byName(containers: readonly Container[], name: string): Container {
  const found = containers.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no fake container "${name}"`);
  return found;
}

function scenarioOf(rule: string): Scenario {
  const found = SCENARIOS.find((each) => each.rule === rule);
  if (found === undefined) throw new Error(`there is no scenario for "${rule}"`);
  return found;
}

/** Working hours are busier than the night. */
function quietMinute(random: Random): number {
  for (;;) {
    const minutesAgo = 4 + random.next() * (DAY_MINUTES - 8);
    const busy = 0.35 + 0.65 * Math.cos((minutesAgo / DAY_MINUTES) * 2 * Math.PI) ** 2;
    if (random.next() < busy) return minutesAgo;
  }
}

function pick(random: Random): Scenario {
  const all = SCENARIOS.reduce((sum, each) => sum + each.weight, 0);
  let at = random.next() * all;
  for (const scenario of SCENARIOS) {
    at -= scenario.weight;
    if (at < 0) return scenario;
  }
  return scenarioOf('Interactive shell in container');
}

/** About 300 alerts of the day before `nowMs`, newest first. */
export function fakeAlerts(containers: readonly Container[], nowMs: number): Alert[] {
  const random = seededRandom(20_260_302);
  const quiet = Array.from({ length: QUIET_ALERTS }, () => {
    const scenario = pick(random);
    const where = scenario.where[random.below(scenario.where.length)] ?? 'host';
    return [quietMinute(random), scenario.rule, where] as const;
  });
  return [...quiet, ...ATTACK]
    .sort(([a], [b]) => b - a)
    .map(([minutesAgo, rule, where], at) =>
      fire(scenarioOf(rule), byName(containers, where), nowMs - minutesAgo * MINUTE_MS, at + 1),
    )
    .toReversed();
}

/** One more alert, as if it had just happened. */
export function freshAlert(
  containers: readonly Container[],
  rule: string,
  timeMs: number,
  seq: number,
): Alert {
  const scenario = scenarioOf(rule);
  return fire(scenario, byName(containers, scenario.where[0] ?? 'host'), timeMs, seq);
}
