// The whole public surface: checks of Dockerfiles, manifests and pipelines.
export {
  type Account,
  type AccountFile,
  type FileFact,
  type ImageSettings,
  type PasswordKind,
  type UntriedPassword,
} from './artifact/facts.ts';
export { type KeptPassword, type PasswordJudgement, readAccounts } from './artifact/read-accounts.ts';
export { standsOut } from './artifact/stands-out.ts';
export type { AnyCheck, Check, PostureKind } from './check.ts';
export { checkDocument, checkFile, type PostureOptions, type PostureResult } from './check-file.ts';
export { POSTURE_CHECKS } from './checks/registry.ts';
export { detectKind, mayBePosture } from './detect-kind.ts';
export { findingInLanguage, type PostureLanguage } from './finding-language.ts';
export {
  type ChartFile,
  type ChartFileKind,
  type ChartRendering,
  chartFileKind,
  renderCharts,
} from './helm/chart.ts';
export type { RenderedTemplate } from './helm/render.ts';
