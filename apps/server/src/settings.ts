// Settings of the platform and the names of rules that are switched off: small documents that administrators write.
import type { Settings } from '@guardcell/contract';
import type { StateStore } from '@guardcell/store';
import { checkMatch, entityTag, stale } from './http/entity-tag.ts';
import { put, read } from './stored.ts';

/** With every member. */
export const DEFAULT_SCANNING: Required<NonNullable<Settings['scanning']>> = {
  containers: true,
  hosts: true,
  everyMinutes: 1440,
  alertFrom: 'critical',
  databaseMirrors: [],
  // The feeds are hundreds of megabytes: nobody's line is used without being asked.
  databaseEveryHours: 0,
  acceptancesKeptDays: 365,
};

const DEFAULT_SETTINGS: Settings = {
  retentionDays: 30,
  notifyAllow: [],
  protectedContainers: [],
  scanning: DEFAULT_SCANNING,
};

export interface SettingsStore {
  /** As last written; held in memory, so that asking costs nothing. */
  current(): Whole;
  /** Changes with every write. */
  version(): string;
  /** @throws ApiError GC_STALE when `ifMatch` is given and names another version. */
  replace(next: Settings, ifMatch?: string): Promise<void>;
  disabledRules(): readonly string[];
  setRuleEnabled(name: string, enabled: boolean): Promise<void>;
}

type Whole = Settings & { readonly scanning: typeof DEFAULT_SCANNING };

function withScanning(settings: Settings, before: typeof DEFAULT_SCANNING): Whole {
  return { ...settings, scanning: { ...before, ...settings.scanning } };
}

export async function openSettings(state: StateStore): Promise<SettingsStore> {
  const stored = await read<Settings>(state, 'setting', 'platform');
  let settings = withScanning({ ...DEFAULT_SETTINGS, ...stored?.value }, DEFAULT_SCANNING);
  let revision = stored?.revision ?? 0;
  let disabled = (await read<{ names: string[] }>(state, 'setting', 'disabled-rules'))?.value.names ?? [];
  return {
    current: () => settings,
    version: () => entityTag(revision),
    async replace(given, ifMatch) {
      checkMatch(ifMatch, entityTag(revision));
      // Who knows nothing of scanning changes nothing of it.
      const next = withScanning(given, settings.scanning);
      const known = ifMatch === undefined ? undefined : revision;
      const result = await state.commit([put('setting', 'platform', next, known)]);
      if (!result.ok) throw stale();
      revision = result.revision;
      settings = next;
    },
    disabledRules: () => disabled,
    async setRuleEnabled(name, enabled) {
      const others = disabled.filter((each) => each !== name);
      const names = enabled ? others : [...others, name].sort();
      await state.commit([put('setting', 'disabled-rules', { names })]);
      disabled = names;
    },
  };
}
