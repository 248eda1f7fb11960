// A harmless event on the host that one rule of the test's own turns into an alert.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Alert } from '@guardcell/core';
import { callApi, type Platform } from './platform.ts';

const PAGE = 500;

export interface Marker {
  readonly rule: string;
  /** A rule file with just this rule. */
  readonly yaml: string;
  /** Makes it happen; returns the name that is in the alert's message. */
  touch(): string;
}

/** Opening a file named `mark-…` in `folder` for writing. */
export function marker(folder: string, rule: string): Marker {
  let count = 0;
  return {
    rule,
    yaml: `- rule: ${rule}
  desc: A marker file of a test was written
  condition: evt.type in (open, openat, openat2) and evt.is_open_write=true and fd.name startswith ${folder}/mark-
  output: marker %fd.name
  priority: WARNING
`,
    touch() {
      const file = join(folder, `mark-${++count}`);
      writeFileSync(file, '');
      return basename(file);
    },
  };
}

/** All alerts of a rule, over as many pages as there are. */
export async function alertsOf(platform: Platform, rule: string): Promise<Alert[]> {
  const alerts: Alert[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ rule, limit: `${PAGE}`, ...(cursor !== '' && { cursor }) });
    const page: { items: Alert[]; nextCursor: string | null } = await callApi(
      platform,
      'GET',
      `/api/v1/events?${query}`,
    );
    alerts.push(...page.items);
    cursor = page.nextCursor;
  }
  return alerts;
}

/** The alert of that touch, when it is listed. */
export async function alertOf(platform: Platform, rule: string, name: string): Promise<Alert | undefined> {
  return (await alertsOf(platform, rule)).find((alert) => alert.message.endsWith(`/${name}`));
}
