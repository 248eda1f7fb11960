// Settings of the platform and the names of rules that are switched off: small documents that administrators write.
import type { Settings } from '@guardcell/contract';
import type { StateStore } from '@guardcell/store';
import { checkMatch, entityTag, stale } from './http/entity-tag.ts';
import { put, read } from './stored.ts';

export const DEFAULT_SCANNING: NonNullable<Settings['scanning']> = {
  containers: true,
  hosts: true,
  everyMinutes: 1440,
  alertFrom: 'critical',
  databaseMirrors: [],
  // The feeds are hundreds of megabytes: nobody's line is used without being asked.
  databaseEveryHours: 0,
};

const DEFAULT_SETTINGS: Settings = {
  retentionDays: 30,
  notifyAllow: [],
  protectedContainers: [],
  scanning: DEFAULT_SCANNING,
};

export interface SettingsStore {
  /** As last written; held in memory, so that asking costs nothing. */
  current(): Settings;
  /** Changes with every write. */
  version(): string;
  /** @throws ApiError GC_STALE when `ifMatch` is given and names another version. */
  replace(next: Settings, ifMatch?: string): Promise<void>;
  disabledRules(): readonly string[];
  setRuleEnabled(name: string, enabled: boolean): Promise<void>;
}

export async function openSettings(state: StateStore): Promise<SettingsStore> {
  const stored = await read<Settings>(state, 'setting', 'platform');
  let settings = { ...DEFAULT_SETTINGS, ...stored?.value };
  let revision = stored?.revision ?? 0;
  let disabled = (await read<{ names: string[] }>(state, 'setting', 'disabled-rules'))?.value.names ?? [];
  return {
    current: () => settings,
    version: () => entityTag(revision),
    async replace(given, ifMatch) {
      checkMatch(ifMatch, entityTag(revision));
      // Who knows nothing of scanning changes nothing of it.
      const next = { ...given, scanning: given.scanning ?? settings.scanning ?? DEFAULT_SCANNING };
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
