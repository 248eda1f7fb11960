// Runs one analyzer over named contents, as the layer reader does; for tests of analyzers.
import assert from 'node:assert/strict';
import type { AnalyzedFile, Analyzer, AnalyzerResult, FoundFragment } from '../analyzer.ts';
import { openTemporaryFile } from '../content/temporary-file.ts';

/** What came of it, with problems by path. */
export interface AnalysisOfFiles extends AnalyzerResult {
  readonly problems: ReadonlyMap<string, string>;
  /** Problems of a part only. */
  readonly incomplete: ReadonlyMap<string, string>;
}

function fileOf(path: string, content: string | Uint8Array): AnalyzedFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, size: bytes.length, mode: 0o644, uid: 0, gid: 0, bytes };
}

/** What an analyzer finds in a file that lies on disk is what it finds in memory. */
function sameWhenStored<F>(analyzer: Analyzer<F>, { bytes, ...entry }: AnalyzedFile, held: unknown): void {
  if (analyzer.analyzeStored === undefined) return;
  const file = openTemporaryFile();
  try {
    file.write(bytes);
    assert.deepEqual(analyzer.analyzeStored({ ...entry, content: file.content() }), held);
  } finally {
    file.close();
  }
}

/**
 * Asks, analyzes and assembles; fragments go through JSON as they do in the cache. Files that the analyzer does
 * not want are passed over.
 */
export function analyzeFiles<F>(
  analyzer: Analyzer<F>,
  contents: Readonly<Record<string, string | Uint8Array>>,
): AnalysisOfFiles {
  const found: FoundFragment<F>[] = [];
  const problems = new Map<string, string>();
  const incomplete = new Map<string, string>();
  for (const [path, content] of Object.entries(contents)) {
    const file = fileOf(path, content);
    if (!analyzer.wants(file)) continue;
    const result = analyzer.analyze(file);
    sameWhenStored(analyzer, file, result);
    if (result === undefined) continue;
    if ('problem' in result) {
      problems.set(path, result.problem);
      continue;
    }
    if (result.incomplete !== undefined) incomplete.set(path, result.incomplete);
    found.push({ location: { path }, value: JSON.parse(JSON.stringify(result.value)) as F });
  }
  return { ...analyzer.assemble(found), problems, incomplete };
}
