// Reports and SBOMs as files: written by a helper process and sent piece by piece.
import { PassThrough } from 'node:stream';
import type { Acceptance, Artifact, ReportLanguageTag } from '@guardcell/contract';
import type { FastifyReply } from 'fastify';
import { ApiError, notFound } from '../errors.ts';
import { tellLanguage } from '../language/accepted-language.ts';
import type { Platform } from '../platform.ts';
import { openVexDocument } from './vex-documents.ts';

interface FileKind {
  readonly type: string;
  readonly extension: string;
}

const KINDS: Readonly<Record<string, FileKind>> = {
  json: { type: 'application/json; charset=utf-8', extension: 'json' },
  html: { type: 'text/html; charset=utf-8', extension: 'html' },
  sarif: { type: 'application/sarif+json', extension: 'sarif' },
  cyclonedx: { type: 'application/vnd.cyclonedx+json; version=1.6', extension: 'cdx.json' },
  'cyclonedx-xml': { type: 'application/vnd.cyclonedx+xml; version=1.6', extension: 'cdx.xml' },
  'spdx-json': { type: 'application/spdx+json', extension: 'spdx.json' },
  spdx: { type: 'text/spdx; charset=utf-8', extension: 'spdx' },
  csv: { type: 'text/csv; charset=utf-8', extension: 'csv' },
  openvex: { type: 'application/json; charset=utf-8', extension: 'openvex.json' },
  'openvex-draft': { type: 'application/json; charset=utf-8', extension: 'openvex-draft.json' },
};

/** `registry.example.com/shop/web:1.2` of `sha256:abc…` → `shop-web-1.2-abc….cdx.json`. */
export function fileNameOf({ summary: { id, name } }: Artifact, extension: string): string {
  const [first = '', ...rest] = name.split('@')[0]?.split('/') ?? [];
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const plain = (isHost ? rest : [first, ...rest])
    .join('-')
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  const digest = /^sha256:([0-9a-f]{12})/.exec(id)?.[1];
  const parts = [plain.slice(-120), digest].filter((each) => each !== undefined && each !== '');
  return `${parts.length === 0 ? 'artifact' : parts.join('-')}.${extension}`;
}

/** Acceptances that silence findings of the artifact, by the findings that they silence. */
async function silenced(
  platform: Platform,
  id: string,
): Promise<ReadonlyMap<Acceptance, Awaited<ReturnType<typeof findingsOf>>>> {
  const findings = await findingsOf(platform, id, true);
  const inForce = new Map(platform.scanning.acceptances.inForce().map((each) => [each.id, each]));
  const found = new Map<Acceptance, typeof findings>();
  for (const finding of findings) {
    const acceptance = inForce.get(finding.acceptance);
    if (acceptance !== undefined) found.set(acceptance, [...(found.get(acceptance) ?? []), finding]);
  }
  return found;
}

async function findingsOf({ scanning }: Platform, id: string, accepted: boolean) {
  const store = await scanning.store();
  const found = [];
  let cursor: string | undefined;
  do {
    const page = await store.artifactVulnerabilities(id, { accepted, sort: 'id' }, 500, cursor);
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

async function vexText(platform: Platform, artifact: Artifact, isDraft: boolean): Promise<string> {
  const { id } = artifact.summary;
  const nowMs = platform.clock.nowMs();
  const document = isDraft
    ? await openVexDocument.draft(artifact, await findingsOf(platform, id, false), platform.state, nowMs)
    : openVexDocument.approved(artifact, await silenced(platform, id), nowMs);
  return `${JSON.stringify(document, null, 2)}\n`;
}

export interface ReportQuery {
  readonly format?: string;
  readonly language?: ReportLanguageTag;
}

/** Answers with the file. @throws ApiError GC_NOT_FOUND, GC_VEX_EMPTY before anything is sent. */
export async function sendReport(
  platform: Platform,
  artifact: Artifact,
  { format = 'json', language = 'en' }: ReportQuery,
  reply: FastifyReply,
): Promise<void> {
  const kind = KINDS[format];
  if (kind === undefined) throw new ApiError('GC_INVALID_REQUEST', `there is no format ${format}`);
  const name = fileNameOf(artifact, kind.extension);
  function head(): void {
    // These two hold no sentence of ours.
    tellLanguage(reply, format === 'csv' || format.startsWith('openvex') ? 'en' : language);
    void reply
      .header('content-type', kind?.type ?? '')
      .header('content-disposition', `attachment; filename="${name}"`);
  }
  if (format.startsWith('openvex')) {
    const text = await vexText(platform, artifact, format === 'openvex-draft');
    head();
    void reply.send(text);
    return;
  }
  const { scanning, options, logger } = platform;
  const report = await (await scanning.store()).report(artifact.summary.id);
  if (report === undefined) throw notFound('artifact', artifact.summary.id);
  const body = new PassThrough({ highWaterMark: 1024 * 1024 });
  const gone = new AbortController();
  body.once('close', () => gone.abort(new Error('nobody reads the file any more')));
  const { promise: begun, resolve: begin, reject: fail } = Promise.withResolvers<void>();
  const work = scanning.helper.call(
    'writeReport',
    { report, format, version: options.version, language },
    {
      signal: gone.signal,
      async onAsk(piece) {
        begin();
        if (body.write(piece) || body.destroyed) return true;
        await new Promise<void>((done) => {
          body.once('drain', done);
          body.once('close', done);
        });
        return true;
      },
    },
  );
  work.then(
    () => {
      begin();
      body.end();
    },
    (thrown: unknown) => {
      fail(thrown);
      if (!gone.signal.aborted)
        logger.warn('a report could not be written', { artifact: artifact.summary.id, format });
      // The connection breaks, so that nobody takes half a file for a whole one.
      body.destroy(thrown instanceof Error ? thrown : undefined);
    },
  );
  // Whatever fails at once is answered as any other error.
  body.once('error', () => undefined);
  await begun;
  head();
  void reply.send(body);
}
