// One Kubernetes audit event as the rule engine sees it.
import type { RuntimeEvent } from '@guardcell/core';
import { member } from '../fields/k8s-audit-value.ts';
import { CLUSTER_THREAD } from './audit-thread.ts';
import { timeNs } from './audit-time.ts';
import { withoutSecrets } from './redact-secrets.ts';

/** The source of audit rules, and the name of Falco's plug-in for it. */
export const AUDIT_SOURCE = 'k8s_audit';
const PLUGIN = 'k8saudit';

export interface AuditEvent extends RuntimeEvent {
  readonly source: typeof AUDIT_SOURCE;
  readonly payload: { readonly plugin: string; readonly json: Readonly<Record<string, unknown>> };
}

export type AuditProblem = 'not-an-object' | 'no-audit-id' | 'no-time';

export type AuditEventResult =
  | { readonly ok: true; readonly event: AuditEvent }
  | { readonly ok: false; readonly problem: AuditProblem };

/**
 * The event for one parsed document, with secrets and tokens masked; `num` becomes evt.num.
 * Its time is that of the stage, else that of the request. What is no audit event is a problem to be counted.
 */
export function auditEvent(json: unknown, num: number): AuditEventResult {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { ok: false, problem: 'not-an-object' };
  }
  const id = member(json, 'auditID');
  if (typeof id !== 'string' || id === '') return { ok: false, problem: 'no-audit-id' };
  const time = timeNs(member(json, 'stageTimestamp')) ?? timeNs(member(json, 'requestReceivedTimestamp'));
  if (time === undefined) return { ok: false, problem: 'no-time' };
  const document = withoutSecrets(json as Readonly<Record<string, unknown>>);
  return {
    ok: true,
    event: {
      num,
      type: 'pluginevent',
      source: AUDIT_SOURCE,
      timeNs: time,
      cpu: 0,
      result: undefined,
      thread: CLUSTER_THREAD,
      fd: undefined,
      path: undefined,
      targetPath: undefined,
      payload: { plugin: PLUGIN, json: document },
      param: () => undefined,
      paramNames: () => [],
    },
  };
}

/** What makes two deliveries of one event the same: a request has one event for each stage. */
export function auditIdentity(event: AuditEvent): string {
  const { json } = event.payload;
  const stage = member(json, 'stage');
  return `${String(member(json, 'auditID'))} ${typeof stage === 'string' ? stage : ''}`;
}
