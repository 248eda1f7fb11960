import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ReportFormatError } from '../../report-format.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../../testing/sample-report.ts';
import { TEMPLATE_FORMAT } from './template.ts';

function render(template: string, report = SAMPLE_REPORT): string {
  return [...TEMPLATE_FORMAT.write(report, { template })].join('');
}

describe('template', () => {
  it('walks lists, enters objects and finds outer names', () => {
    assert.equal(
      render(
        '{{#vulnerabilities}}{{#explain}}{{artifact.os.id}}:{{advisory}} {{/explain}}{{/vulnerabilities}}',
      ).split(' ')[0],
      'debian:CVE-2021-44228',
    );
    assert.equal(render('{{summary.vulnerabilities}} of {{summary.packages}}'), '4 of 6');
    assert.equal(render('{{#artifact.layers}}[{{.}}]{{/artifact.layers}}'), `[sha256:${'a'.repeat(64)}]`);
  });

  it('leaves out lines that hold nothing but the beginning or end of a section, or a remark', () => {
    const one = { ...EMPTY_REPORT, artifact: { ...EMPTY_REPORT.artifact, name: 'x', layers: ['a', 'b'] } };
    const list = '{{! names }}\n{{#artifact.layers}}\n- {{.}}\n  {{/artifact.layers}} \nend\n';
    assert.equal(render(list, one), '- a\n- b\nend\n');
    assert.equal(render(list.replaceAll('\n', '\r\n'), one), '- a\r\n- b\r\nend\r\n');
    assert.equal(render(' {{artifact.name}} \n', one), ' x \n');
    assert.equal(render('a {{#artifact}}{{name}}{{/artifact}}\nb', one), 'a x\nb');
    assert.equal(render('{{#artifact.layers}}\n{{.}},\n{{/artifact.layers}}', one), 'a,\nb,\n');
  });

  it('shows the other side of an empty list', () => {
    assert.equal(render('{{^secrets}}clean{{/secrets}}', EMPTY_REPORT), 'clean');
    assert.equal(render('{{^secrets}}clean{{/secrets}}'), '');
  });

  it('escapes for HTML unless told otherwise', () => {
    const one = { ...EMPTY_REPORT, artifact: { ...EMPTY_REPORT.artifact, name: `<a>&"'\n` } };
    assert.equal(render('{{artifact.name}}', one), '&lt;a&gt;&amp;&quot;&#39;\n');
    assert.equal(render('{{{artifact.name}}}{{&artifact.name}}', one), `<a>&"'\n<a>&"'\n`);
    assert.equal(render('"{{artifact.name | json}}"', one), JSON.stringify(`<a>&"'\n`));
    assert.equal(render('{{artifact.name | csv}}', one), `"<a>&""'\n"`);
    assert.equal(render('{{! remark }}{{artifact.kind | upper}}', one), 'FILESYSTEM');
  });

  it('reaches nothing but members of the report', () => {
    for (const name of [
      'constructor',
      'packages.constructor',
      '__proto__',
      'toString',
      'packages.map',
      'artifact.name.length',
    ]) {
      assert.equal(render(`[{{${name}}}]`), '[]', name);
      assert.equal(render(`{{#${name}}}x{{/${name}}}`), '', name);
    }
  });

  for (const [template, line] of [
    ['a\n{{#packages}}', 2],
    ['{{/packages}}', 1],
    ['\n\n{{name | nothing}}', 3],
    ['{{a b}}', 1],
    ['{{{a}}', 1],
    ['{{#a}}{{/b}}', 1],
  ] as const) {
    it(`tells the line of what is wrong in ${JSON.stringify(template)}`, () => {
      assert.throws(
        () => render(template),
        (error: unknown) =>
          error instanceof ReportFormatError &&
          error.code === 'GC_REPORT_TEMPLATE' &&
          error.at === `line ${line}`,
      );
    });
  }

  it('ends for every text, with an output or an error of its own', () => {
    const part = fc.constantFrom(
      '{{',
      '}}',
      '{{{',
      '}}}',
      '#',
      '/',
      '^',
      '!',
      'packages',
      'name',
      ' ',
      '|',
      '\n',
      'json',
      '.',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        try {
          render(parts.join(''));
        } catch (error) {
          assert.ok(error instanceof ReportFormatError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
