// Holding findings against VEX statements. What they clear stays in the report, with their reason.
import type { VulnerabilityFinding } from '@guardcell/core';
import { type PackageUrl, parsePurl, samePackage } from '../purl/purl.ts';
import type { VexProduct, VexStatement } from './statement.ts';

/** What was scanned, as statements about whole products may name it. */
export interface VexArtifact {
  /** `sha256:…` of the image's manifest or index, and of its configuration, as far as they are known. */
  readonly digests: readonly string[];
  /** References and purls by which it is known. */
  readonly names: readonly string[];
}

const NO_ARTIFACT: VexArtifact = { digests: [], names: [] };

/** Marks findings that statements call not affected or fixed; the latest statement on a finding decides. */
export function applyVex(
  findings: readonly VulnerabilityFinding[],
  statements: readonly VexStatement[],
  artifact: VexArtifact = NO_ARTIFACT,
): readonly VulnerabilityFinding[] {
  if (statements.length === 0) return findings;
  const byId = new Map<string, VexStatement[]>();
  for (const statement of statements)
    for (const id of new Set(statement.ids)) byId.set(id, [...(byId.get(id) ?? []), statement]);
  return findings.map((finding) => {
    if (finding.suppressed !== undefined) return finding;
    const about = [finding.id, ...finding.aliases].flatMap((id) => byId.get(id) ?? []);
    const purl = about.length === 0 ? undefined : parsePurl(finding.package);
    const latest = about
      .filter((statement) =>
        statement.products.some((product) => concerns(product, finding.package, purl, artifact)),
      )
      .reduce<VexStatement | undefined>(
        (best, one) => (best === undefined || time(one) >= time(best) ? one : best),
        undefined,
      );
    if (latest?.status !== 'not_affected' && latest?.status !== 'fixed') return finding;
    const reason = [latest.status.replace('_', ' '), latest.justification, latest.detail];
    return {
      ...finding,
      suppressed: { by: `VEX ${latest.document}`, reason: reason.filter((text) => text !== '').join(': ') },
    };
  });
}

/** Statements without a readable time come before all others. */
function time({ timestamp }: VexStatement): number {
  const read = Date.parse(timestamp);
  return Number.isNaN(read) ? Number.NEGATIVE_INFINITY : read;
}

function concerns(
  { id, parts }: VexProduct,
  text: string,
  purl: PackageUrl | undefined,
  artifact: VexArtifact,
): boolean {
  if (parts.length === 0) return isPackage(id, text, purl) || isArtifact(id, artifact);
  return isArtifact(id, artifact) && parts.some((part) => isPackage(part, text, purl));
}

/** A purl without version means all versions; its qualifiers must be the package's too. */
function isPackage(id: string, text: string, purl: PackageUrl | undefined): boolean {
  if (id === text) return true;
  const wanted = parsePurl(id);
  if (wanted === undefined || purl === undefined || !samePackage(wanted, purl)) return false;
  return Object.entries(wanted.qualifiers).every(([key, value]) => purl.qualifiers[key] === value);
}

function isArtifact(id: string, { digests, names }: VexArtifact): boolean {
  if (names.includes(id)) return true;
  const wanted = parsePurl(id);
  if (wanted === undefined) return digests.some((digest) => id.endsWith(digest));
  if (wanted.type !== 'oci' && wanted.type !== 'docker') return false;
  if (wanted.version.startsWith('sha256:')) return digests.includes(wanted.version);
  // Without a digest the repository must be named in full.
  const repository = wanted.qualifiers['repository_url'];
  const tag = wanted.qualifiers['tag'] ?? wanted.version;
  return repository !== undefined && names.includes(tag === '' ? repository : `${repository}:${tag}`);
}
