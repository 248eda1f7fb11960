// The open descriptors of a process, within a budget that all processes of a capture share.
import type { CapturedFd } from './descriptor.ts';

/** A process cannot have more. */
const MAX_PER_PROCESS = 16_384;
/** Of all processes together, in units of a descriptor with a short name. */
const MAX_UNITS = 262_144;
const CHARACTERS_PER_UNIT = 128;

export interface FdBudget {
  left: number;
  /** Descriptors that were not kept because the budget was spent. */
  lost: number;
}

export function fdBudget(): FdBudget {
  return { left: MAX_UNITS, lost: 0 };
}

function unitsOf(fd: CapturedFd): number {
  return 1 + Math.floor(fd.name.length / CHARACTERS_PER_UNIT);
}

/** Shared between processes after clone with CLONE_FILES. */
export class FdTable {
  readonly map = new Map<number, CapturedFd>();
  readonly #budget: FdBudget;
  #units = 0;
  /** Processes that use this table. */
  #users = 1;

  constructor(budget: FdBudget) {
    this.#budget = budget;
  }

  get(num: number): CapturedFd | undefined {
    return this.map.get(num);
  }

  set(num: number, fd: CapturedFd): void {
    const units = unitsOf(fd);
    const former = this.map.get(num);
    if (former === undefined && (this.map.size >= MAX_PER_PROCESS || units > this.#budget.left)) {
      this.#budget.lost += 1;
      return;
    }
    this.#take(units - (former?.units ?? 0));
    fd.units = units;
    this.map.set(num, fd);
  }

  delete(num: number): void {
    const former = this.map.get(num);
    if (former === undefined) return;
    this.#take(-former.units);
    this.map.delete(num);
  }

  #take(units: number): void {
    this.#units += units;
    this.#budget.left -= units;
  }

  /** The same descriptors in a table of its own; an empty one when the budget does not allow more. */
  copy(): FdTable {
    const made = new FdTable(this.#budget);
    if (this.#units > this.#budget.left) {
      this.#budget.lost += this.map.size;
      return made;
    }
    for (const [num, fd] of this.map) made.map.set(num, fd);
    made.#take(this.#units);
    return made;
  }

  share(): FdTable {
    this.#users += 1;
    return this;
  }

  /** A process that used the table is gone. True when it was the last one: then the table is empty. */
  release(): boolean {
    this.#users -= 1;
    if (this.#users > 0) return false;
    this.#take(-this.#units);
    this.map.clear();
    return true;
  }
}
