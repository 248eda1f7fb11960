// node:test reporter: failures in full, one line per skipped test with its reason, counts as JSON for tools/test.ts.
import { writeFileSync } from 'node:fs';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export interface TestSummary {
  passed: number;
  failed: number;
  skipped: number;
  coveredLines: number;
  totalLines: number;
}

/** Writes the summary to the file named by `GUARDCELL_TEST_SUMMARY`. */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string, void, void> {
  const summary: TestSummary = { passed: 0, failed: 0, skipped: 0, coveredLines: 0, totalLines: 0 };
  const verbose = process.env['GUARDCELL_TEST_VERBOSE'] === '1';
  for await (const event of source) {
    if (event.type === 'test:pass' || event.type === 'test:fail') {
      const { data } = event;
      const isSuite = data.details.type === 'suite';
      if (event.type === 'test:fail') {
        // A suite fails because of its tests, which are counted themselves; only its own errors count.
        const error = event.data.details.error;
        if (isSuite && 'failureType' in error && error.failureType === 'subtestsFailed') continue;
        summary.failed++;
        const cause = error.cause ?? error;
        yield `  ✖ ${data.name} (${data.file ?? ''})\n${inspect(cause, { depth: 4, maxStringLength: 4000 }).replaceAll(/^/gm, '      ')}\n`;
      } else if (isSuite) {
        continue;
      } else if (data.skip !== undefined) {
        summary.skipped++;
        yield `  - skipped: ${data.name}${typeof data.skip === 'string' && data.skip !== '' ? ` (${data.skip})` : ''}\n`;
      } else {
        summary.passed++;
        if (verbose) yield `  ✔ ${data.name} (${Math.round(data.details.duration_ms)} ms)\n`;
      }
    } else if (event.type === 'test:coverage') {
      summary.coveredLines = event.data.summary.totals.coveredLineCount;
      summary.totalLines = event.data.summary.totals.totalLineCount;
    } else if (event.type === 'test:diagnostic' && verbose) {
      yield `    ${event.data.message}\n`;
    }
  }
  const target = process.env['GUARDCELL_TEST_SUMMARY'];
  if (target !== undefined) writeFileSync(target, JSON.stringify(summary));
}
