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
export { type FixStep, fixPlan } from './match/fix-plan.ts';
export { type MatchOptions, type MatchResult, matchPackages } from './match/match-packages.ts';
export { cvssScore, severityOfScore } from './risk/cvss.ts';
export { schemeOfEcosystem } from './versions/ecosystems.ts';
export type { Comparison, VersionOrder } from './versions/order.ts';
export { compareVersions, isVersion } from './versions/registry.ts';
export { applyVex, type VexArtifact } from './vex/apply.ts';
export {
  type DraftOptions,
  draftOpenVex,
  type OpenVexDocument,
  type OpenVexStatement,
} from './vex/draft.ts';
export { readVex } from './vex/read-vex.ts';
export type { VexProduct, VexReading, VexStatement, VexStatus } from './vex/statement.ts';
