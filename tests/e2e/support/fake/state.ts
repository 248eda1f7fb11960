// Everything the fake platform remembers; handlers read and change it, tests may too.
import type { ApiKey, Role, RouteName, Settings } from '@guardcell/contract';
import type { ActionRecord, Alert, Container, ResponseRule, RulesReport } from '@guardcell/core';
import { fakeAlerts, fakeRules } from './alerts.ts';
import { fakeContainers } from './containers.ts';
import {
  FAKE_SETTINGS,
  fakeActions,
  fakeApiKeys,
  fakeResponses,
  fakeRuleProblems,
  type SensorVariant,
} from './fleet.ts';
import { type FakeScanState, fakeScanState } from './scan/handlers.ts';

export interface FakeUser {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/** Who can sign in. */
export const FAKE_USERS: readonly FakeUser[] = [
  { name: 'admin', role: 'admin', password: 'a password for the admin' },
  { name: 'rita', role: 'responder', password: 'a password for rita' },
  { name: 'victor', role: 'viewer', password: 'a password for victor' },
];

export interface FakeSession {
  readonly user: FakeUser;
  readonly csrfToken: string;
  readonly expiresAt: string;
}

export interface FakeState {
  readonly nowMs: number;
  url: string;
  sensor: SensorVariant;
  /** Newest first. */
  alerts: Alert[];
  containers: Container[];
  readonly quarantined: Set<string>;
  actions: ActionRecord[];
  readonly rules: ReturnType<typeof fakeRules>;
  ruleProblems: RulesReport['problems'];
  /** Custom files by name. */
  readonly ruleFiles: Map<
    string,
    { readonly content: string; readonly isDraft: boolean; readonly revision: number }
  >;
  responses: ResponseRule[];
  settings: Settings;
  apiKeys: ApiKey[];
  readonly users: FakeUser[];
  readonly sessions: Map<string, FakeSession>;
  /** Routes that answer with an internal error. */
  readonly failing: Set<RouteName>;
  nextNumber: number;
  readonly scan: FakeScanState;
}

const SHOP_RULES = `- rule: Shop configuration read
  desc: Only the shop's own server reads its configuration.
  condition: >
    evt.type in (open, openat) and fd.name startswith /etc/shop and not proc.name = shopd
  output: Shop configuration read (file=%fd.name command=%proc.cmdline)
  priority: WARNING
  tags: [container, T1552.001]
`;

/** `empty`: a platform right after its first start. */
export function fakeState(nowMs: number, empty = false): FakeState {
  const containers = fakeContainers(nowMs);
  const alerts = empty ? [] : fakeAlerts(containers, nowMs);
  return {
    nowMs,
    url: '',
    sensor: 'running',
    alerts,
    containers: empty ? containers.filter(({ id }) => id === 'host') : containers,
    quarantined: new Set(
      empty ? [] : containers.filter(({ name }) => name === 'blog-php').map(({ id }) => id),
    ),
    actions: empty ? [] : fakeActions(containers, alerts, nowMs),
    rules: fakeRules().map((rule) =>
      rule.name === 'Userfaultfd used in container' ? { ...rule, enabled: false } : rule,
    ),
    ruleProblems: empty ? [] : fakeRuleProblems(),
    ruleFiles: new Map(
      empty ? [] : [['custom/shop.yaml', { content: SHOP_RULES, isDraft: false, revision: 1 }]],
    ),
    responses: empty ? [] : fakeResponses(),
    settings: FAKE_SETTINGS,
    apiKeys: empty ? [] : fakeApiKeys(nowMs),
    users: [...FAKE_USERS],
    sessions: new Map(),
    failing: new Set(),
    nextNumber: 1000,
    scan: fakeScanState(nowMs, empty),
  };
}

export function rulesReport(state: FakeState): RulesReport {
  const count = (level: string): number => state.ruleProblems.filter((each) => each.level === level).length;
  return {
    revision: 'r1',
    loaded: state.rules.length,
    enabled: state.rules.filter(({ enabled }) => enabled).length,
    errors: count('error'),
    warnings: count('warning'),
    problems: state.ruleProblems,
  };
}
