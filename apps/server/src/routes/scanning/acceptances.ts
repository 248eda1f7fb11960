// Accepted risks: requests, decisions, what a scope would silence.
import type {
  Acceptance,
  AcceptanceInput,
  AcceptancePreview,
  AcceptanceScope,
  AcceptanceState,
} from '@guardcell/contract';
import { notFound } from '../../errors.ts';
import type { Call } from '../../http/register-routes.ts';
import type { Platform } from '../../platform.ts';
import type { ScanHandlers } from './index.ts';
import { type Paging, pathId } from './page.ts';

interface ListQuery extends Paging {
  readonly state?: readonly AcceptanceState[];
  readonly vulnerability?: string;
}
type Decision = Call<unknown, { readonly note: string }>;

/** For the audit trail, which keeps no bodies: what was accepted, and until when. */
function subjectOf({ id, scope, kind, until }: Acceptance): string {
  const { vulnerability, package: name, artifact, image } = scope;
  const where = [name, artifact, image].filter((each) => each !== '').join(' ');
  return `${id} ${kind} ${vulnerability} ${where} until ${until.slice(0, 10)}`.replaceAll(/\s+/g, ' ');
}

export function acceptanceRoutes(
  platform: Platform,
): Pick<
  ScanHandlers,
  | 'listAcceptances'
  | 'getAcceptance'
  | 'previewAcceptance'
  | 'requestAcceptance'
  | 'approveAcceptance'
  | 'rejectAcceptance'
  | 'revokeAcceptance'
> {
  const { scanning } = platform;
  const { acceptances } = scanning;

  async function decided(
    { params, body, principal, request }: Decision,
    decide: typeof acceptances.approve,
  ): Promise<Acceptance> {
    const acceptance = await decide(pathId(params), body.note, principal);
    request.auditSubject = subjectOf(acceptance);
    return acceptance;
  }

  return {
    listAcceptances: ({ query }: Call<ListQuery>) => acceptances.list(query, query.limit, query.cursor),
    async getAcceptance({ params }: Call): Promise<Acceptance> {
      const id = pathId(params);
      const acceptance = await acceptances.get(id);
      if (acceptance === undefined) throw notFound('risk acceptance', id);
      return acceptance;
    },
    previewAcceptance: async ({ body }: Call<unknown, AcceptanceScope>): Promise<AcceptancePreview> =>
      (await scanning.store()).preview(body),
    async requestAcceptance({
      body,
      principal,
      request,
    }: Call<unknown, AcceptanceInput>): Promise<Acceptance> {
      const acceptance = await acceptances.request(body, principal);
      request.auditSubject = subjectOf(acceptance);
      return acceptance;
    },
    approveAcceptance: (call: Decision) => decided(call, acceptances.approve),
    rejectAcceptance: (call: Decision) => decided(call, acceptances.reject),
    revokeAcceptance: (call: Decision) => decided(call, acceptances.revoke),
  };
}
