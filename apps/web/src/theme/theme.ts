// The colour theme of this browser: `system` follows the operating system.
import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const THEME_KEY = 'guardcell.theme';
const listeners = new Set<() => void>();

function currentTheme(): Theme {
  const value = document.documentElement.dataset['theme'];
  return THEMES.find((theme) => theme === value) ?? 'system';
}

export function setTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(THEME_KEY, theme);
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
}
