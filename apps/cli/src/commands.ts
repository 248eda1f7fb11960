// Every command there is: the one table that dispatch, help and documentation are made from.
import type { Command } from './command.ts';
import { auditList, auditVerify } from './commands/audit/index.ts';
import { containersList, containersShow } from './commands/containers/index.ts';
import { eventsList, eventsShow, eventsTail } from './commands/events/index.ts';
import { keysCreate, keysList, keysRevoke } from './commands/keys/index.ts';
import { bench, build, check, testCommand } from './commands/project/index.ts';
import { respondHistory, respondList, respondRun, respondUndo } from './commands/respond/index.ts';
import { status } from './commands/status/index.ts';
import { up } from './commands/up/index.ts';
import { usersAdd, usersList, usersRemove, usersResetPassword, usersRole } from './commands/users/index.ts';
import { version } from './commands/version/index.ts';

type Loader = () => Promise<Command>;

/** Commands that need the rule engine or the sensor load them only when called: `guardcell version` stays quick. */
const LAZY: Readonly<Record<string, Loader>> = {
  'rules list': async () => (await import('./commands/rules/list.ts')).rulesList,
  'rules bench': async () => (await import('./commands/rules/bench.ts')).rulesBench,
  'rules fields': async () => (await import('./commands/rules/fields.ts')).rulesFields,
  'rules explain': async () => (await import('./commands/rules/explain.ts')).rulesExplain,
  'k8s audit-config': async () => (await import('./commands/k8s/audit-config.ts')).auditConfig,
  'rules audit': async () => (await import('./commands/rules/audit.ts')).rulesAudit,
  'rules replay': async () => (await import('./commands/rules/replay.ts')).rulesReplay,
  'rules test': async () => (await import('./commands/rules/test.ts')).rulesTest,
  'rules diff': async () => (await import('./commands/rules/diff.ts')).rulesDiff,
  'rules tune': async () => (await import('./commands/rules/tune.ts')).rulesTune,
  'rules validate': async () => (await import('./commands/rules/index.ts')).rulesValidate,
  'version compare': async () => (await import('./commands/version/compare.ts')).versionCompare,
  'capture list': async () => (await import('./commands/capture/index.ts')).captureList,
  'capture record': async () => (await import('./commands/capture/index.ts')).captureRecord,
  'scan image': async () => (await import('./commands/scan/scan-image.ts')).scanImage,
  'scan fs': async () => (await import('./commands/scan/scan-trees.ts')).scanFs,
  'scan repo': async () => (await import('./commands/scan/scan-trees.ts')).scanRepo,
  'scan host': async () => (await import('./commands/scan/scan-trees.ts')).scanHost,
  'scan container': async () => (await import('./commands/scan/scan-trees.ts')).scanContainer,
  'scan sbom': async () => (await import('./commands/scan/scan-trees.ts')).scanSbom,
  'db build': async () => (await import('./commands/db/build.ts')).dbBuild,
  'db update': async () => (await import('./commands/db/update.ts')).dbUpdate,
  'db status': async () => (await import('./commands/db/status.ts')).dbStatus,
  'db export': async () => (await import('./commands/db/bundle.ts')).dbExport,
  'db import': async () => (await import('./commands/db/bundle.ts')).dbImport,
  doctor: async () => (await import('./commands/doctor/index.ts')).doctor,
};

const EAGER: readonly Command[] = [
  up,
  status,
  eventsList,
  eventsTail,
  eventsShow,
  containersList,
  containersShow,
  respondList,
  respondHistory,
  respondRun,
  respondUndo,
  usersList,
  usersAdd,
  usersRemove,
  usersRole,
  usersResetPassword,
  keysList,
  keysCreate,
  keysRevoke,
  auditList,
  auditVerify,
  version,
  check,
  testCommand,
  build,
  bench,
];

export const COMMAND_NAMES: readonly string[] = [
  ...EAGER.map((command) => command.name),
  ...Object.keys(LAZY),
].sort();

/** The command that the words begin with (the longest), and the words after it. */
export async function findCommand(
  words: readonly string[],
): Promise<{ readonly command: Command; readonly rest: readonly string[] } | undefined> {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = EAGER.find((candidate) => candidate.name === name) ?? (await LAZY[name]?.());
    if (command !== undefined && words.length >= length) return { command, rest: words.slice(length) };
  }
  return undefined;
}

export async function allCommands(): Promise<readonly Command[]> {
  const lazy = await Promise.all(Object.values(LAZY).map((load) => load()));
  return [...EAGER, ...lazy].sort((a, b) => (a.name < b.name ? -1 : 1));
}
