// Gives memory back after something large was handed on: left alone, a server that is idle keeps it for hours.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So long after the last piece of work; in between nothing is worth collecting. */
const QUIET_MS = 3000;

let collect: (() => void) | undefined;
let timer: NodeJS.Timeout | undefined;

/** A full collection of this thread's heap, some 20 ms, once it is quiet. */
export function collectWhenQuiet(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (collect === undefined) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc') as () => void;
    }
    collect();
  }, QUIET_MS).unref();
}
