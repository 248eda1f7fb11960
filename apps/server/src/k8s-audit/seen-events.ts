// Which audit events were evaluated already, as far back as memory is spent on: senders repeat what was not answered.

export interface SeenEvents {
  /** True the first time; then it counts as seen for good when it is settled, or not at all when it is dropped. */
  add(identity: string): boolean;
  settle(): void;
  /** What was added since the last settlement is to be evaluated again. */
  drop(): void;
  readonly size: number;
}

/** Holds `max` identities; the oldest are forgotten first. */
export function createSeenEvents(max: number): SeenEvents {
  const seen = new Set<string>();
  let fresh: string[] = [];
  return {
    add(identity) {
      if (seen.has(identity)) return false;
      if (seen.size >= max) seen.delete(seen.values().next().value ?? '');
      seen.add(identity);
      fresh.push(identity);
      return true;
    },
    settle() {
      fresh = [];
    },
    drop() {
      for (const identity of fresh) seen.delete(identity);
      fresh = [];
    },
    get size() {
      return seen.size;
    },
  };
}
