// The form that asks for a risk to be accepted: what it begins with, what is wrong with it, what is sent. Pure.
import type { AcceptanceInput, AcceptanceScope } from '@guardcell/contract';
import type { OpenVexJustification } from '@guardcell/core';

export const SCOPES = ['image', 'package', 'glob', 'everywhere'] as const;
export type ScopeName = (typeof SCOPES)[number];

/** What the dialog was opened from: a vulnerability, or a finding in a package of an image. */
export interface RiskSubject {
  readonly vulnerability: string;
  readonly package?: string;
  readonly artifact?: string;
  /** Name of the image, with its tag. */
  readonly reference?: string;
}

export interface RiskDraft {
  readonly scope: ScopeName;
  readonly glob: string;
  readonly kind: AcceptanceInput['kind'];
  readonly justification: OpenVexJustification;
  readonly reason: string;
  /** A day, `2026-03-02`. */
  readonly until: string;
}

const DAY_MS = 86_400_000;
const FIRST_DAYS = 90;
const MAX_DAYS = 366;
const REASON_MIN = 10;

export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** The name of an image without tag and digest: what globs are compared with. */
export function withoutTag(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

/** The narrowest scope that the subject allows comes first. */
export function scopesOf(subject: RiskSubject): readonly ScopeName[] {
  return SCOPES.filter(
    (scope) =>
      (scope !== 'image' || subject.artifact !== undefined) &&
      (scope !== 'package' || subject.package !== undefined),
  );
}

export function firstDraft(subject: RiskSubject, nowMs: number): RiskDraft {
  return {
    scope: scopesOf(subject)[0] ?? 'everywhere',
    glob: subject.reference === undefined ? '' : withoutTag(subject.reference),
    kind: 'accept-risk',
    justification: 'vulnerable_code_not_in_execute_path',
    reason: '',
    until: dayOf(nowMs + FIRST_DAYS * DAY_MS),
  };
}

export function scopeOf(subject: RiskSubject, draft: Pick<RiskDraft, 'scope' | 'glob'>): AcceptanceScope {
  const none: AcceptanceScope = {
    vulnerability: subject.vulnerability,
    package: '',
    artifact: '',
    image: '',
  };
  switch (draft.scope) {
    case 'image':
      return { ...none, package: subject.package ?? '', artifact: subject.artifact ?? '' };
    case 'package':
      return { ...none, package: subject.package ?? '' };
    case 'glob':
      return { ...none, package: subject.package ?? '', image: draft.glob.trim() };
    case 'everywhere':
      return none;
  }
}

/** The end of the chosen day; NaN when it is no day. */
function untilMs(day: string): number {
  return Date.parse(`${day}T23:59:59Z`);
}

export type RiskProblem = 'glob' | 'reason' | 'until';

export function riskProblems(draft: RiskDraft, nowMs: number): ReadonlySet<RiskProblem> {
  const problems = new Set<RiskProblem>();
  if (draft.scope === 'glob' && draft.glob.trim() === '') problems.add('glob');
  if (draft.reason.trim().length < REASON_MIN) problems.add('reason');
  const days = (untilMs(draft.until) - nowMs) / DAY_MS;
  if (!(days > 0 && days <= MAX_DAYS)) problems.add('until');
  return problems;
}

export function riskInput(subject: RiskSubject, draft: RiskDraft): AcceptanceInput {
  return {
    scope: scopeOf(subject, draft),
    kind: draft.kind,
    ...(draft.kind === 'not-affected' && { justification: draft.justification }),
    reason: draft.reason.trim(),
    until: new Date(untilMs(draft.until)).toISOString(),
  };
}
