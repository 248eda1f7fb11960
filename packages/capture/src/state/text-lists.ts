// Argument vectors, environments and control groups: processes share them again and again, so equal ones are one list.
import { splitTexts } from '../read/cursor.ts';
import { containerIdOf } from './containers.ts';

const MAX_LISTS = 8192;
const MAX_BYTES = 8 * 1024 * 1024;
/** A longer one is made each time. */
const MAX_CACHED_LENGTH = 8192;

export interface ControlGroups {
  /** `subsystem=path`, joined with blanks. */
  readonly text: string;
  /** Full id of the container, '' for the host. */
  readonly containerId: string;
}

export class TextLists {
  readonly #lists = new Map<string, readonly string[]>();
  #bytes = 0;
  readonly #groups = new WeakMap<readonly string[], ControlGroups>();

  /** The texts in `bytes`, each of which ends with NUL. */
  of(bytes: Buffer): readonly string[] {
    if (bytes.length > MAX_CACHED_LENGTH) return splitTexts(bytes);
    const key = bytes.toString('latin1');
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const made = splitTexts(bytes);
    if (this.#lists.size >= MAX_LISTS || this.#bytes + key.length > MAX_BYTES) {
      this.#lists.clear();
      this.#bytes = 0;
    }
    this.#lists.set(key, made);
    this.#bytes += key.length;
    return made;
  }

  /** What the control groups in a list say. */
  controlGroups(list: readonly string[]): ControlGroups {
    const known = this.#groups.get(list);
    if (known !== undefined) return known;
    const made = { text: list.join(' '), containerId: containerIdOf(list) };
    this.#groups.set(list, made);
    return made;
  }
}
