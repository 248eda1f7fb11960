// What an agent says of itself: health, coverage, effective enforcement.

export const SENSOR_STATES = ['running', 'starting', 'off', 'unavailable', 'failed'] as const;
export type SensorState = (typeof SENSOR_STATES)[number];

export interface SensorReport {
  readonly state: SensorState;
  /** Why it is not running and what to do; empty when running. */
  readonly detail: string;
  readonly errorCode: string;
  /** Events delivered to the rule engine since the sensor started. */
  readonly events: number;
  /** Events per second over the last few seconds. */
  readonly eventsPerSecond: number;
  /** Events lost because the ring was full, since start. */
  readonly drops: number;
  /** Names of the event types attached. */
  readonly eventTypes: readonly string[];
  /** CPU used by the sensor worker, seconds since start. */
  readonly cpuSeconds: number;
  readonly ringSizeBytes: number;
  readonly startedAt: string;
}

/** One way to carry out an action on this host, found by really trying it. */
export interface EnforcementRung {
  readonly action: string;
  /** The mechanism that will be used; empty when none works. */
  readonly mechanism: string;
  readonly available: boolean;
  /** Why a better one is not used, or how to get one. */
  readonly detail: string;
}

export interface RuntimeReport {
  readonly runtime: string;
  readonly socket: string;
  readonly connected: boolean;
  readonly detail: string;
  readonly version: string;
}

export interface RuleLoadProblem {
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly item: string;
  readonly hint: string;
}

export interface RulesReport {
  readonly revision: string;
  readonly loaded: number;
  readonly enabled: number;
  readonly errors: number;
  readonly warnings: number;
  readonly problems: readonly RuleLoadProblem[];
}

export interface AgentReport {
  readonly sensorId: string;
  readonly hostname: string;
  readonly kernel: string;
  readonly version: string;
  readonly epoch: number;
  readonly sensor: SensorReport;
  readonly runtimes: readonly RuntimeReport[];
  readonly rungs: readonly EnforcementRung[];
  readonly rules: RulesReport;
  readonly spool: { readonly pending: number; readonly sizeBytes: number; readonly dropped: number };
  readonly rssBytes: number;
  readonly at: string;
}
