import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../../testing/sample-report.ts';
import { columnLines } from './columns.ts';
import { displayWidth, fit, oneLine, truncate } from './display-width.ts';
import { TABLE_FORMAT, tableSpans } from './table.ts';

function lines(width: number, language: 'en' | 'zh' = 'en'): readonly string[] {
  return [...TABLE_FORMAT.write(SAMPLE_REPORT, { width, language })].join('').split('\n');
}

describe('table', () => {
  it('groups findings by part of the artifact, most urgent first', () => {
    const text = lines(120).join('\n');
    assert.match(text, /debian 12 system packages \(deb\) {2}1 high/);
    assert.ok(text.indexOf('CVE-2021-44228') < text.indexOf('CVE-2023-5363'));
    assert.match(text, /upgrade openssl to 3\.0\.11-1~deb12u3: closes 1 finding/);
  });

  it('counts what was looked for, zeros too, and says nothing of what nobody asked for', () => {
    const counted = (asked?: ReadonlySet<string>): string =>
      [...TABLE_FORMAT.write(EMPTY_REPORT, asked === undefined ? {} : { asked })].join('').split('\n')[2] ??
      '';
    assert.equal(counted(), '0 Packages · 0 Vulnerabilities');
    assert.equal(counted(new Set(['secrets'])), '0 Secrets');
    assert.equal(counted(new Set(['malware', 'misconfig'])), '0 Misconfigurations · 0 Malware');
    assert.equal(counted(new Set(['licenses'])), '0 Packages');
  });

  it('tells secrets that are in history alone', () => {
    const [secret] = SAMPLE_REPORT.secrets;
    assert.ok(secret !== undefined);
    const old = {
      ...secret,
      path: '/old.env',
      line: 3,
      commit: 'c0ffee'.repeat(7).slice(0, 40),
      removed: true,
    };
    const kept = { ...old, path: '/kept.env', removed: false };
    const { commit: _commit, ...below } = { ...old, path: '/below.env' };
    const secrets = [old, kept, below];
    const text = [...TABLE_FORMAT.write({ ...SAMPLE_REPORT, secrets }, { width: 160 })].join('');
    assert.match(text, /\/below\.env:3 \(in a layer below, deleted or replaced above\)/);
    assert.match(text, /\/old\.env:3 \(in history, commit c0ffeec0ffee\)/);
    assert.match(text, /\/kept\.env:3 {2}/);
  });

  it('shows suppressed findings apart, with who silenced them and why', () => {
    const all = lines(120);
    const start = all.findIndex((line) => line.startsWith('Suppressed (2)'));
    assert.ok(start > 0);
    assert.ok(!all.slice(0, start).some((line) => line.includes('CVE-2099-0001')));
    assert.match(
      all.slice(start).join('\n'),
      /CVE-2099-0001 .*headers only \(\.guardcell\.yaml, until 2027-01-01\)/,
    );
  });

  it('names what nobody reads one by one in a line with its number', () => {
    const [secret] = SAMPLE_REPORT.secrets;
    assert.ok(secret !== undefined);
    const suppressed = { by: 'built-in', reason: 'shipped' };
    const shipped = Array.from({ length: 30 }, (_, at) => ({
      ...secret,
      path: `/usr/lib/${at}`,
      suppressed,
    }));
    const mine = { ...secret, path: '/srv/mine', suppressed: { by: '.guardcell.yaml', reason: 'known' } };
    const licenses = Array.from({ length: 30 }, (_, at) => ({
      expression: 'X',
      package: `pkg:deb/debian/lib%2B${at}@1.2`,
      category: 'unknown' as const,
      verdict: at === 0 ? ('denied' as const) : ('review' as const),
    }));
    const report = { ...EMPTY_REPORT, secrets: [...shipped, mine], licenses };
    const text = [...TABLE_FORMAT.write(report, {})].join('');
    assert.match(text, /Suppressed \(31\)\n.*\/srv\/mine.*known.*\n {2}30 in files of the distribution/);
    assert.match(text, /denied {2}debian\/lib\+0 1\.2 \(deb\) .*X\n {2}to review: 29 packages/);
  });

  it('cuts paths from their beginning', () => {
    const [secret] = SAMPLE_REPORT.secrets;
    assert.ok(secret !== undefined);
    const path = `/srv/${'very-long/'.repeat(20)}settings.env`;
    const report = { ...EMPTY_REPORT, secrets: [{ ...secret, path, line: 7 }] };
    assert.match([...TABLE_FORMAT.write(report, { width: 80 })].join(''), /…[^ ]*settings\.env:7/);
  });

  it('tells notes apart from what was not looked at', () => {
    const note = {
      code: 'GC_OS_END_OF_LIFE',
      level: 'note',
      message: 'no more fixes',
      at: 'x',
      hint: 'Move on.',
    } as const;
    const text = [
      ...TABLE_FORMAT.write({ ...EMPTY_REPORT, errors: [...SAMPLE_REPORT.errors, note] }, {}),
    ].join('');
    assert.match(
      text,
      /Not looked at \(1\)\n +GC_IMAGE_LAYER[^]*Notes \(1\)\n +GC_OS_END_OF_LIFE x: no more fixes\n {4}Move on\.\n/,
    );
    assert.match(text, /1 Not looked at/);
    assert.doesNotMatch(
      [...TABLE_FORMAT.write({ ...EMPTY_REPORT, errors: [note] }, {})].join(''),
      /Not looked at/,
    );
  });

  for (const width of [60, 80, 120]) {
    it(`keeps rows of findings within ${width} columns and never cuts an id`, () => {
      const rows = lines(width, 'zh').filter((line) => /^ {2}(?:严重|高|中|低|提示)/.test(line));
      assert.ok(rows.length >= 8);
      for (const row of rows) assert.ok(displayWidth(row) <= width, `${displayWidth(row)}: ${row}`);
      assert.ok(rows.some((row) => row.includes('CVE-2021-44228 ')));
    });
  }

  it('lets nothing in a report drive the terminal', () => {
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    assert.doesNotMatch(lines(200).join('\n'), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.equal(oneLine('a\u001b[31m\nb\u202ec'), 'a\uFFFD[31m b\uFFFDc');
  });

  it('says when nothing was found', () => {
    assert.match([...TABLE_FORMAT.write(EMPTY_REPORT, {})].join(''), /Nothing found\./);
    assert.match([...TABLE_FORMAT.write(EMPTY_REPORT, { language: 'zh' })].join(''), /未发现问题/);
  });

  it('gives meanings instead of colours', () => {
    const spans = [...tableSpans(SAMPLE_REPORT)].flat();
    assert.ok(
      spans.some((span) => typeof span !== 'string' && span[0] === 'bad' && span[1].startsWith('critical')),
    );
  });
});

describe('columns', () => {
  it('counts East Asian characters as two columns and marks as none', () => {
    assert.equal(displayWidth('漏洞a'), 5);
    assert.equal(displayWidth('e\u0301'), 1);
    assert.equal(truncate('漏洞漏洞', 5), '漏洞…');
    assert.equal(fit('漏', 4), '漏  ');
  });

  it('aligns and fits whatever the cells hold', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell, cell), { maxLength: 8 }),
        fc.integer({ min: 40, max: 160 }),
        (rows, width) => {
          const written = columnLines(
            rows.map((row) => row.map((text) => ({ text }))),
            width,
          );
          for (const line of written) {
            const text = line.map((span) => (typeof span === 'string' ? span : span[1])).join('');
            assert.ok(displayWidth(text) <= width, text);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
