// j/k and the arrow keys over the rows of a table: the rows carry `data-row`, focus moves from one to the next.
import type { RefObject } from 'react';
import { useHotkeys } from './hotkeys.ts';
import { stepIndex } from './key-matcher.ts';

/** Moves focus among `[data-row]` inside the element; Enter is the row's own business. */
export function useRowKeys(frame: RefObject<HTMLElement | null>): void {
  function move(step: number): void {
    const rows = [...(frame.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const current = rows.findIndex((row) => row === document.activeElement || row.dataset['open'] === 'true');
    const next = rows[stepIndex(current, step, rows.length)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }
  useHotkeys({ j: () => move(1), k: () => move(-1) });
}
