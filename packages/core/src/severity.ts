// Severity of what Guardcell reports, and its relation to the eight priorities of the rule language.

/** How much an alert or finding matters, from most to least. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Priorities of the Falco rule language, from most to least urgent (syslog order). */
export const PRIORITIES = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'informational',
  'debug',
] as const;
export type Priority = (typeof PRIORITIES)[number];

const SEVERITY_OF_PRIORITY: Readonly<Record<Priority, Severity>> = {
  emergency: 'critical',
  alert: 'critical',
  critical: 'critical',
  error: 'high',
  warning: 'medium',
  notice: 'low',
  informational: 'info',
  debug: 'info',
};

/** The severity that an alert of a rule with this priority has. */
export function severityOfPriority(priority: Priority): Severity {
  return SEVERITY_OF_PRIORITY[priority];
}

/** 0 for `critical` … 4 for `info`; sorts the most severe first. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Whether `severity` is at least as severe as `floor`. */
export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return severityRank(severity) <= severityRank(floor);
}

export function isSeverity(value: unknown): value is Severity {
  return (SEVERITIES as readonly unknown[]).includes(value);
}

/** Reads a priority in any case; `info` is the short form of `informational`. */
export function parsePriority(text: string): Priority | undefined {
  const lower = text.toLowerCase();
  if (lower === 'info') return 'informational';
  return PRIORITIES.find((priority) => priority === lower);
}
