// Keyboard shortcuts: single keys and two-key sequences, for the whole document, off while somebody types.
import { useEffect, useRef } from 'react';
import { createKeyMatcher, isTypingTarget } from './key-matcher.ts';

export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Calls the handler of a key (`j`, `?`, `Escape`) or sequence (`g e`) while mounted. Later mounts win. */
export function useHotkeys(keys: Hotkeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const match = createKeyMatcher();
    function onKey(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const inDialog =
        event.target instanceof Element && event.target.closest('dialog, [role="menu"]') !== null;
      if (inDialog || (isTypingTarget(event.target) && event.key !== 'Escape')) return;
      const name = match(event.key, event.timeStamp, Object.keys(latest.current));
      if (name === undefined) return;
      event.preventDefault();
      latest.current[name]?.(event);
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
