// From an answered request to the fact that the audit trail keeps of it.
import { ROUTES, type Route, type RouteName } from '@guardcell/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditFact } from './audit-trail.ts';

const MAX_TARGET = 300;

function codeOf(payload: unknown): string {
  if (typeof payload !== 'string') return '';
  try {
    const { code } = JSON.parse(payload) as { readonly code?: unknown };
    return typeof code === 'string' ? code : '';
  } catch {
    return '';
  }
}

/**
 * Undefined for what is not kept: attempts of nobody, which anybody could make without end to push everything else
 * out of the trail. Of sign-ins those are kept that were checked against a password, which the login guard limits.
 */
export function auditFactOf(
  operation: RouteName,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): AuditFact | undefined {
  const route: Route = ROUTES[operation];
  // Editors check what is being typed: that would fill the trail and says nothing of what was done.
  if (route.readOnly === true) return undefined;
  const { principal, auditSubject = '' } = request;
  const status = reply.statusCode;
  const isSignIn = operation === 'login' && (status === 200 || status === 401);
  if (principal === undefined && !isSignIn) return undefined;
  const subject = isSignIn || auditSubject === '' ? '' : ` (${auditSubject})`;
  return {
    actor: isSignIn
      ? { name: auditSubject, kind: status === 200 ? 'user' : 'nobody' }
      : { name: principal?.name ?? '', kind: principal?.kind ?? 'nobody' },
    from: request.ip,
    operation,
    target: `${request.method} ${request.url.split('?')[0] ?? ''}${subject}`.slice(0, MAX_TARGET),
    result: status < 400 ? 'done' : status < 500 ? 'refused' : 'failed',
    status,
    code: status < 400 ? '' : codeOf(payload),
    requestId: request.id,
  };
}
