// An alert: one rule matched one event. Plain readonly data, the same on node, wire, store, API and console.
import type { Priority, Severity } from './severity.ts';

/** Who was affected, short enough to stand in every alert. `id` is `host` outside containers. */
export interface AlertContainer {
  /** Full id (64 hex digits) or `host`. */
  readonly id: string;
  readonly name: string;
  /** Image reference; empty when unknown. */
  readonly image: string;
  readonly imageDigest: string;
  readonly runtime: string;
  readonly privileged: boolean;
  readonly namespace: string;
  readonly pod: string;
}

/** One process of the tree, from the process that acted (first) to the oldest known ancestor (last). */
export interface AlertProcess {
  readonly pid: number;
  readonly ppid: number;
  /** Pid inside its own pid namespace. */
  readonly vpid: number;
  readonly name: string;
  /** Resolved path of the executable. */
  readonly exe: string;
  readonly cmdline: string;
  readonly cwd: string;
  readonly uid: number;
  readonly user: string;
  readonly tty: number;
  /** RFC 3339, empty when unknown. */
  readonly startedAt: string;
}

/** One leaf of the rule's condition that held, with the value that made it hold. */
export interface MatchedClause {
  /** `fd.name`. */
  readonly field: string;
  /** `startswith`; prefixed with `not ` when the leaf was under a negation. */
  readonly operator: string;
  /** What the rule compared with, as text, shortened. */
  readonly expected: string;
  /** What the event had, as text; empty when it had no such field. */
  readonly actual: string;
  /** The macro that the leaf comes from, outermost first. */
  readonly macros: readonly string[];
}

/** One node of a rule's condition and how it came out for one event. A tree is a list of nodes, parents first. */
export interface EvaluatedNode {
  /** 0 for the whole condition; the children of a node follow it, one deeper. */
  readonly depth: number;
  readonly kind: 'and' | 'or' | 'not' | 'macro' | 'check';
  readonly holds: boolean;
  /** The macro's name. */
  readonly macro?: string;
  /** Of a check: its left side as the rule writes it, `proc.aname[2]`. */
  readonly field?: string;
  readonly operator?: string;
  /** What the rule compares with, as text, shortened. */
  readonly expected?: string;
  /** What the event had, as text, shortened; left out when the event had no such field. */
  readonly actual?: string;
  /** How many children of this node were left out because the tree is large. */
  readonly cut?: number;
}

export type OutputValue = string | number | boolean | null | readonly string[];

export interface Alert {
  /** `<sensor>-<epoch>-<seq>`: unique, and the same when the batch is sent again. */
  readonly id: string;
  /** RFC 3339 with nanoseconds, UTC. */
  readonly time: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly priority: Priority;
  /** `syscall`, `k8s_audit` … */
  readonly source: string;
  /** The rule's output with its fields filled in. */
  readonly message: string;
  readonly tags: readonly string[];
  /** ATT&CK technique ids, `T1098.004`. */
  readonly mitre: readonly string[];
  readonly hostname: string;
  readonly container: AlertContainer;
  readonly process: AlertProcess;
  /** `process` first, then its ancestors. */
  readonly processTree: readonly AlertProcess[];
  readonly matched: readonly MatchedClause[];
  /** The whole condition as it was evaluated, at most 200 nodes; alerts of older sensors have none. */
  readonly evaluated?: readonly EvaluatedNode[];
  readonly event: {
    readonly num: number;
    readonly type: string;
    /** Every parameter, formatted as `evt.arg.*`. */
    readonly args: Readonly<Record<string, string>>;
  };
  /** Values of the fields in the rule's output, as in Falco's JSON. */
  readonly outputFields: Readonly<Record<string, OutputValue>>;
  /** Path, on the sensor's machine, of the recording around this match; only of rules with `capture: true`. */
  readonly capture?: string;
}

/** Position of an alert in its sensor's stream; the store's primary key. */
export interface StreamPosition {
  readonly sensor: string;
  readonly epoch: number;
  readonly seq: number;
}

export function alertId(position: StreamPosition): string {
  return `${position.sensor}-${position.epoch}-${position.seq}`;
}

/** A stretch of time in which something was lost; shown to users as a blind period. */
export interface CoverageGap {
  readonly sensor: string;
  readonly from: string;
  readonly to: string;
  /** `ring-full`, `spool-full`, `sensor-restart` … */
  readonly reason: string;
  /** How many events or alerts were lost; -1 when unknown. */
  readonly lost: number;
}
