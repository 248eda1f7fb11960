// `exclude` of `.guardcell.yaml`: paths that no scan looks at.
import type { ScanError } from '@guardcell/core';
import { type ExcludeRule, excludeProblem, MAX_EXCLUDES } from '@guardcell/scan';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

export interface ExcludeSection {
  readonly rules: readonly ExcludeRule[];
  readonly problems: readonly ScanError[];
}

/** Reads the list; patterns with problems are left out, and YAML that is broken is told by the reader of secrets. */
export function readExcludeSection(file: string, content: string): ExcludeSection {
  const lines = new LineCounter();
  const problems: ScanError[] = [];
  const report = (node: Node | null | undefined, message: string): void => {
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    problems.push({
      code: 'GC_EXCLUDE',
      message,
      at: `${file}:${line}:${col}`,
      hint: "A list of globs: exclude: [vendor, '**/testdata', '*.min.js'].",
    });
  };
  const document = parseDocument(content, { lineCounter: lines, logLevel: 'silent' });
  const isReadable = document.errors.length === 0 && isMap(document.contents);
  const section = isReadable ? document.get('exclude', true) : undefined;
  const isEmpty = section === undefined || (isScalar(section) && section.value === null);
  if (isEmpty) return { rules: [], problems };
  if (!isSeq(section) || section.items.length > MAX_EXCLUDES) {
    report(section as Node, `'exclude' is no list of at most ${MAX_EXCLUDES} patterns`);
    return { rules: [], problems };
  }
  const rules = section.items.flatMap((item): readonly ExcludeRule[] => {
    if (!isScalar(item) || typeof item.value !== 'string') {
      report(item as Node, 'the pattern is no text');
      return [];
    }
    const problem = excludeProblem(item.value);
    if (problem === undefined) return [{ glob: item.value, isShared: true }];
    report(item, `the pattern is not used: ${problem}`);
    return [];
  });
  return { rules, problems };
}
