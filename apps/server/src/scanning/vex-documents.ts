// OpenVEX of one artifact: what people have approved, and drafts from what sensors saw.
import type { Acceptance, Artifact, ArtifactVulnerability } from '@guardcell/contract';
import { withoutTag } from '@guardcell/core';
import type { StateStore } from '@guardcell/store';
import { draftOpenVex, type OpenVexDocument, type OpenVexStatement } from '@guardcell/vuln';
import { ApiError } from '../errors.ts';
import { read } from '../stored.ts';

const DAY_MS = 86_400_000;
/** Less than a week misses what happens once a week. */
const OBSERVED_DAYS = 7;
/** What is approved from a draft is looked at again after so long. */
const HOLDS_DAYS = 90;
const AUTHOR = 'Guardcell';

/** purl of the image, or a name of our own for what has none. */
export function productOf({ summary: { id, name } }: Artifact): string {
  if (!id.startsWith('sha256:')) return `urn:guardcell:artifact:${encodeURIComponent(id)}`;
  const repository = withoutTag(name);
  const short = repository.split('/').at(-1)?.toLowerCase() ?? '';
  const where =
    repository === '' ? '' : `?repository_url=${encodeURIComponent(repository).replaceAll('%2F', '/')}`;
  return `pkg:oci/${encodeURIComponent(short)}@${id.replace(':', '%3A')}${where}`;
}

function documentId(artifact: Artifact, nowMs: number, kind: string): string {
  return `urn:guardcell:vex:${kind}:${encodeURIComponent(artifact.summary.id)}:${nowMs}`;
}

function statement(
  acceptance: Acceptance,
  finding: ArtifactVulnerability,
  product: string,
): OpenVexStatement {
  const { kind, justification, reason, until, decidedBy, decidedAt } = acceptance;
  const about = {
    vulnerability: { name: finding.id, ...(finding.aliases.length > 0 && { aliases: finding.aliases }) },
    products: [{ '@id': product, subcomponents: [{ '@id': finding.package }] }],
    timestamp: decidedAt,
  };
  const holds = `Approved by ${decidedBy}; holds until ${until.slice(0, 10)}.`;
  if (kind === 'not-affected') {
    return {
      ...about,
      status: 'not_affected',
      ...(justification !== undefined && { justification }),
      impact_statement: reason,
      status_notes: holds,
    };
  }
  // To live with it is not to be free of it.
  return {
    ...about,
    status: 'affected',
    action_statement: `The risk is accepted: ${reason}`,
    status_notes: holds,
  };
}

/** @throws ApiError GC_VEX_EMPTY when nothing that is approved concerns the artifact. */
function approved(
  artifact: Artifact,
  silenced: ReadonlyMap<Acceptance, readonly ArtifactVulnerability[]>,
  nowMs: number,
): OpenVexDocument {
  const product = productOf(artifact);
  const statements = [...silenced].flatMap(([acceptance, findings]) =>
    findings.map((finding) => statement(acceptance, finding, product)),
  );
  if (statements.length === 0) {
    throw new ApiError('GC_VEX_EMPTY', 'no approved statement concerns this artifact', {
      hint: 'Statements come from accepted risks; `openvex-draft` proposes some.',
    });
  }
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': documentId(artifact, nowMs, 'approved'),
    author: AUTHOR,
    timestamp: new Date(nowMs).toISOString(),
    version: 1,
    statements,
  };
}

async function lastLossMs(state: StateStore, ids: readonly string[]): Promise<number> {
  let last = 0;
  for (const id of ids) {
    const loss = await read<{ at: string }>(state, 'in-use-loss', id);
    if (loss !== undefined) last = Math.max(last, Date.parse(loss.value.at));
  }
  return last;
}

/** @throws ApiError GC_VEX_EMPTY when the evidence is too little, or everything is in use. */
async function draft(
  artifact: Artifact,
  findings: readonly ArtifactVulnerability[],
  state: StateStore,
  nowMs: number,
): Promise<OpenVexDocument> {
  const { from, to, containers } = artifact.inUseWindow;
  const days = from === '' ? 0 : (Date.parse(to) - Date.parse(from)) / DAY_MS;
  function tooLittle(message: string): ApiError {
    return new ApiError('GC_VEX_EMPTY', message, {
      hint: `Drafts need ${OBSERVED_DAYS} days in which sensors missed no file in use.`,
    });
  }
  if (days < OBSERVED_DAYS) throw tooLittle(`sensors have watched for ${days.toFixed(1)} days`);
  const lossMs = await lastLossMs(state, [artifact.summary.id]);
  if (nowMs - lossMs < OBSERVED_DAYS * DAY_MS) {
    throw tooLittle(`sensors missed files in use on ${new Date(lossMs).toISOString().slice(0, 10)}`);
  }
  const document = draftOpenVex(findings, {
    id: documentId(artifact, nowMs, 'draft'),
    author: `${AUTHOR} (draft, approved by nobody)`,
    timestamp: new Date(nowMs).toISOString(),
    product: productOf(artifact),
    observed: `${containers} containers, ${Math.floor(days)} days, ${from.slice(0, 10)} to ${to.slice(0, 10)}, no file in use missed`,
    until: new Date(nowMs + HOLDS_DAYS * DAY_MS).toISOString().slice(0, 10),
  });
  if (document.statements.length === 0) {
    throw new ApiError('GC_VEX_EMPTY', 'no open vulnerability is in a package that nobody touched', {
      hint: 'What is accepted, in use, or in packages whose files nobody knows is not proposed.',
    });
  }
  return document;
}

export const openVexDocument: { readonly approved: typeof approved; readonly draft: typeof draft } = {
  approved,
  draft,
};
