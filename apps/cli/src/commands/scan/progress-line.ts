// One line on a terminal that tells how far a scan is; nothing elsewhere.
import type { CommandContext } from '../../command.ts';
import { oneLine } from '../../terminal.ts';

const REDRAW_MS = 100;

export interface ProgressLine {
  /** Draws it again, not more often than people can read. */
  show(text: string): void;
  clear(): void;
}

export function progressLine(context: CommandContext): ProgressLine {
  const isTty = process.stderr.isTTY === true;
  let drawnAt = 0;
  let isDrawn = false;
  return {
    show(text) {
      const now = performance.now();
      if (!isTty || context.signal.aborted || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      isDrawn = true;
      // Written past the cleaner of texts: these control characters are ours.
      process.stderr.write(`\r\u001b[K${oneLine(text).slice(0, (process.stderr.columns ?? 80) - 1)}`);
    },
    clear() {
      if (isDrawn) process.stderr.write('\r\u001b[K');
      isDrawn = false;
    },
  };
}
