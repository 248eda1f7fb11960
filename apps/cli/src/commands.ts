// Every command there is: the one table that dispatch, help and documentation are made from.
import type { Command } from './command.ts';

type Loader = () => Promise<Command>;

/** Each command is loaded when it is called: `guardcell version` and a scan in a pipeline do not wait for what others need. */
const COMMANDS: Readonly<Record<string, Loader>> = {
  up: async () => (await import('./commands/up/index.ts')).up,
  status: async () => (await import('./commands/status/index.ts')).status,
  'events list': async () => (await import('./commands/events/index.ts')).eventsList,
  'events tail': async () => (await import('./commands/events/index.ts')).eventsTail,
  'events show': async () => (await import('./commands/events/index.ts')).eventsShow,
  'containers list': async () => (await import('./commands/containers/index.ts')).containersList,
  'containers show': async () => (await import('./commands/containers/index.ts')).containersShow,
  'respond list': async () => (await import('./commands/respond/index.ts')).respondList,
  'respond history': async () => (await import('./commands/respond/index.ts')).respondHistory,
  'respond run': async () => (await import('./commands/respond/index.ts')).respondRun,
  'respond undo': async () => (await import('./commands/respond/index.ts')).respondUndo,
  'users list': async () => (await import('./commands/users/index.ts')).usersList,
  'users add': async () => (await import('./commands/users/index.ts')).usersAdd,
  'users remove': async () => (await import('./commands/users/index.ts')).usersRemove,
  'users role': async () => (await import('./commands/users/index.ts')).usersRole,
  'users reset-password': async () => (await import('./commands/users/index.ts')).usersResetPassword,
  'keys list': async () => (await import('./commands/keys/index.ts')).keysList,
  'keys create': async () => (await import('./commands/keys/index.ts')).keysCreate,
  'keys revoke': async () => (await import('./commands/keys/index.ts')).keysRevoke,
  'audit list': async () => (await import('./commands/audit/index.ts')).auditList,
  'audit verify': async () => (await import('./commands/audit/index.ts')).auditVerify,
  version: async () => (await import('./commands/version/index.ts')).version,
  check: async () => (await import('./commands/project/index.ts')).check,
  test: async () => (await import('./commands/project/index.ts')).testCommand,
  build: async () => (await import('./commands/project/index.ts')).build,
  bench: async () => (await import('./commands/project/index.ts')).bench,
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
  'scan registry': async () => (await import('./commands/scan/scan-registry.ts')).scanRegistryCommand,
  'scan fs': async () => (await import('./commands/scan/scan-trees.ts')).scanFs,
  'scan repo': async () => (await import('./commands/scan/scan-trees.ts')).scanRepo,
  'scan host': async () => (await import('./commands/scan/scan-trees.ts')).scanHost,
  'scan container': async () => (await import('./commands/scan/scan-trees.ts')).scanContainer,
  'scan sbom': async () => (await import('./commands/scan/scan-trees.ts')).scanSbom,
  'registries list': async () => (await import('./commands/registries/index.ts')).registriesList,
  'registries add': async () => (await import('./commands/registries/index.ts')).registriesAdd,
  'registries scan': async () => (await import('./commands/registries/index.ts')).registriesScan,
  'vulnerabilities list': async () =>
    (await import('./commands/vulnerabilities/index.ts')).vulnerabilitiesList,
  'db build': async () => (await import('./commands/db/build.ts')).dbBuild,
  'db update': async () => (await import('./commands/db/update.ts')).dbUpdate,
  'db status': async () => (await import('./commands/db/status.ts')).dbStatus,
  'db export': async () => (await import('./commands/db/bundle.ts')).dbExport,
  'db import': async () => (await import('./commands/db/bundle.ts')).dbImport,
  doctor: async () => (await import('./commands/doctor/index.ts')).doctor,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS).sort();

/** The command that the words begin with (the longest), and the words after it. */
export async function findCommand(
  words: readonly string[],
): Promise<{ readonly command: Command; readonly rest: readonly string[] } | undefined> {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (load !== undefined && words.length >= length)
      return { command: await load(), rest: words.slice(length) };
  }
  return undefined;
}

export async function allCommands(): Promise<readonly Command[]> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return commands.sort((a, b) => (a.name < b.name ? -1 : 1));
}
