// The form of the scanning settings: what it begins with, what is wrong with it, what is sent. Pure.
import type { Settings } from '@guardcell/contract';
import { lines } from './lines.ts';

type Scanning = NonNullable<Settings['scanning']>;

export interface ScanningDraft {
  readonly containers: boolean;
  readonly hosts: boolean;
  readonly everyMinutes: string;
  readonly alertFrom: Scanning['alertFrom'];
  readonly mirrors: string;
  readonly everyHours: string;
  readonly acceptancesKeptDays: string;
}

const KEPT_DAYS = 365;

/** What a platform does that was never told. */
const USUAL: Scanning = {
  containers: true,
  hosts: true,
  everyMinutes: 1440,
  alertFrom: 'critical',
  databaseMirrors: [],
  databaseEveryHours: 12,
  acceptancesKeptDays: KEPT_DAYS,
};

export function draftOfScanning(settings: Scanning | undefined): ScanningDraft {
  const known = settings ?? USUAL;
  return {
    containers: known.containers,
    hosts: known.hosts,
    everyMinutes: String(known.everyMinutes),
    alertFrom: known.alertFrom,
    mirrors: known.databaseMirrors.join('\n'),
    everyHours: String(known.databaseEveryHours),
    acceptancesKeptDays: String(known.acceptancesKeptDays ?? KEPT_DAYS),
  };
}

export function scanningOf(draft: ScanningDraft): Scanning {
  return {
    containers: draft.containers,
    hosts: draft.hosts,
    everyMinutes: Number(draft.everyMinutes),
    alertFrom: draft.alertFrom,
    databaseMirrors: lines(draft.mirrors),
    databaseEveryHours: Number(draft.everyHours),
    acceptancesKeptDays: Number(draft.acceptancesKeptDays),
  };
}

export type ScanningProblem = 'everyMinutes' | 'everyHours' | 'mirrors' | 'acceptancesKeptDays';

export function scanningProblems(draft: ScanningDraft): ReadonlySet<ScanningProblem> {
  const problems = new Set<ScanningProblem>();
  if (!isWithin(draft.everyMinutes, 60, 43_200)) problems.add('everyMinutes');
  if (!isWithin(draft.everyHours, 0, 720)) problems.add('everyHours');
  if (!isWithin(draft.acceptancesKeptDays, 30, 3650)) problems.add('acceptancesKeptDays');
  if (lines(draft.mirrors).some((line) => !/^https?:\/\/\S+$/.test(line))) problems.add('mirrors');
  return problems;
}

function isWithin(text: string, from: number, to: number): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) >= from && Number(text) <= to;
}
