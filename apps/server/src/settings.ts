// Settings of the platform and the names of rules that are switched off: small documents that administrators write.
import type { Settings } from '@guardcell/contract';
import type { StateStore } from '@guardcell/store';
import { put, read } from './stored.ts';

export const DEFAULT_SETTINGS: Settings = { retentionDays: 30, notifyAllow: [], protectedContainers: [] };

export interface SettingsStore {
  /** As last written; held in memory, so that asking costs nothing. */
  current(): Settings;
  replace(next: Settings): Promise<void>;
  disabledRules(): readonly string[];
  setRuleEnabled(name: string, enabled: boolean): Promise<void>;
}

export async function openSettings(state: StateStore): Promise<SettingsStore> {
  let settings = { ...DEFAULT_SETTINGS, ...(await read<Settings>(state, 'setting', 'platform'))?.value };
  let disabled = (await read<{ names: string[] }>(state, 'setting', 'disabled-rules'))?.value.names ?? [];
  return {
    current: () => settings,
    async replace(next) {
      await state.commit([put('setting', 'platform', next)]);
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
