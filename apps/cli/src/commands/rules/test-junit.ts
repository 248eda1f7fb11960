// Results of rule tests as JUnit XML, as CI systems read it.
import type { TestOutcome } from '@guardcell/rules';
import { checkLine, decidingChecks } from './tree-lines.ts';

/** Characters that XML 1.0 cannot carry at all. */
// oxlint-disable-next-line no-control-regex -- these are exactly the characters to remove
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(NOT_XML, '\uFFFD')
    .replaceAll(/[&<>"\n\r\t]/g, (one) => ESCAPES[one] ?? one);
}

/** One suite a test file, one case a test and rule; rules without tests are no cases. */
export function junitXml(report: {
  readonly tests: number;
  readonly failed: number;
  readonly outcomes: readonly TestOutcome[];
}): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="guardcell rules test" tests="${report.tests}" failures="${report.failed}">`,
  ];
  for (const [file, outcomes] of Map.groupBy(report.outcomes, (outcome) => outcome.file)) {
    const failures = outcomes.filter(({ passed }) => !passed).length;
    lines.push(`  <testsuite name="${escaped(file)}" tests="${outcomes.length}" failures="${failures}">`);
    for (const outcome of outcomes) lines.push(...caseLines(outcome));
    lines.push('  </testsuite>');
  }
  return `${[...lines, '</testsuites>'].join('\n')}\n`;
}

function caseLines({ rule, test, passed, detail, file, line, explanation }: TestOutcome): readonly string[] {
  const open = `    <testcase classname="${escaped(rule)}" name="${escaped(test)}" file="${escaped(file)}" line="${line}"`;
  if (passed) return [`${open}/>`];
  const checks = explanation === undefined ? [] : decidingChecks(explanation).map(checkLine);
  return [
    `${open}>`,
    `      <failure message="${escaped(detail)}">${escaped([detail, ...checks].join('\n'))}</failure>`,
    '    </testcase>',
  ];
}
