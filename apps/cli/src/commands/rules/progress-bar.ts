// A bar on stderr while a file is read; nothing when stderr is no terminal.

const WIDTH = 30;
const EVERY_MS = 100;

export interface ProgressBar {
  show(done: number): void;
  /** Removes the bar. */
  end(): void;
}

const NONE: ProgressBar = { show: () => undefined, end: () => undefined };

/** `total` in the unit of `show`; without it there is nothing to compare with, and no bar. */
export function progressBar(total: number, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (stream.isTTY !== true || total <= 0) return NONE;
  let last = performance.now();
  let isShown = false;
  return {
    show(done) {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      isShown = true;
      const share = Math.min(done / total, 1);
      const full = Math.round(share * WIDTH);
      stream.write(`\r[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${Math.round(share * 100)} %`);
    },
    end() {
      if (isShown) stream.write('\r\u001b[K');
    },
  };
}
