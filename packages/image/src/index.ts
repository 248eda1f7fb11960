// The whole public surface: where artifacts come from, and what analyzers find in them.
export type {
  Analysis,
  AnalyzedFile,
  Analyzer,
  AnalyzerResult,
  FileEntry,
  FoundFragment,
  Fragment,
} from './analyzer.ts';
export { ANALYZERS } from './analyzers/registry.ts';
export * from './archives/index.ts';
export { type FileContent, heldContent } from './content/file-content.ts';
export * from './layers/index.ts';
export * from './sources/index.ts';
