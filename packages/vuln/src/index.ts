// The whole public surface: version orders, package URLs, matching, risk, VEX.

export {
  applyIgnoreRules,
  expiredRules,
  type IgnoreSubject,
  type Suppression,
  suppressionBy,
} from './ignore/apply.ts';
export { globMatches } from './ignore/glob.ts';
export { type IgnoreRule, type IgnoreRules, readIgnoreRules } from './ignore/rules.ts';
export { type EndOfLife, endOfLife } from './match/end-of-life.ts';
export { type FixStep, fixPlan } from './match/fix-plan.ts';
export { bestId } from './match/identity.ts';
export { type MatchOptions, type MatchResult, matchPackages } from './match/match-packages.ts';
export { type Distribution, distributionOf } from './purl/distribution.ts';
export { isSystemPackage, type Lookup, lookupsOf } from './purl/lookup.ts';
export { formatPurl, type PackageUrl, parsePurl, samePackage } from './purl/purl.ts';
export type { Alternative, Bound, Operator, Requirement } from './requirements/constraint.ts';
export { readRequirement, satisfies } from './requirements/satisfies.ts';
export { cvssScore, severityOfScore } from './risk/cvss.ts';
export { EXPOSURES, type Exposure, type Risk, type RiskInput, riskOf } from './risk/score.ts';
export { schemeOfEcosystem } from './versions/ecosystems.ts';
export type { Comparison, VersionOrder } from './versions/order.ts';
export { compareVersions, isVersion, VERSION_ORDERS } from './versions/registry.ts';
export { applyVex, type VexArtifact } from './vex/apply.ts';
export {
  type DraftOptions,
  draftOpenVex,
  type OpenVexDocument,
  type OpenVexJustification,
  type OpenVexStatement,
} from './vex/draft.ts';
export { readVex } from './vex/read-vex.ts';
export type { VexProduct, VexReading, VexStatement, VexStatus } from './vex/statement.ts';
