// A report read in Chinese has no sentence in English left, says the same, and can be compared with one in English.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MalwareFinding, MisconfigurationFinding, ScanReport, SecretFinding } from '@guardcell/core';
import { BUILT_IN_MALWARE_RULES } from '@guardcell/malware';
import { checkFile, POSTURE_CHECKS } from '@guardcell/posture';
import { diffReports, reportFormat } from '@guardcell/report';
import { BUILT_IN_RULES } from '@guardcell/secrets';
import { findingCatalogue, localizedReport } from './catalogue.ts';

const misconfigurations: readonly MisconfigurationFinding[] = POSTURE_CHECKS.flatMap(
  (check) => checkFile('a.yaml', check.bad, { kind: check.kind }).findings,
);
const secrets: readonly SecretFinding[] = BUILT_IN_RULES.map(({ id, title, severity }, line) => ({
  rule: id,
  title: title.en,
  severity,
  path: '/a',
  line,
  excerpt: `****${line}`,
}));
const malware: readonly MalwareFinding[] = BUILT_IN_MALWARE_RULES.map(({ id, title, severity }) => ({
  rule: id,
  title: title.en,
  severity,
  path: '/a',
  sha256: '00',
}));

const REPORT: ScanReport = {
  schemaVersion: 1,
  createdAt: '2030-01-01T00:00:00.000Z',
  artifact: { kind: 'image', name: 'web', digest: '', platform: '', layers: [], size: 1 },
  packages: [],
  vulnerabilities: [
    {
      id: 'CVE-2030-1',
      aliases: [],
      package: 'pkg:npm/a@1.0.0',
      packageName: 'a',
      installed: '1.0.0',
      fixed: '2.0.0',
      severity: 'high',
      cvss: 0,
      score: 40,
      factors: [
        { name: 'cvss', value: 'unknown, high stands in', effect: 30 },
        { name: 'epss', value: '12.0 % within 30 days', effect: 6.9 },
        { name: 'kev', value: 'exploited, listed 2030-01-01', effect: 25 },
        { name: 'ransomware', value: 'used by ransomware', effect: 5 },
        { name: 'ssvc', value: 'exploitation active, automatable yes, impact total', effect: 15 },
        { name: 'exposure', value: 'internet: 443/tcp', effect: 8 },
        { name: 'privileged', value: 'privileged container', effect: 4 },
        { name: 'in-use', value: 'executed', effect: 8 },
        { name: 'in-use', value: 'none of the functions at fault is in the program', effect: -3 },
        { name: 'fix', value: 'fixed in 2.0.0', effect: 4 },
      ],
      status: 'fixed',
      inUse: 'executed',
      summary: '',
      references: [],
      explain: {
        feed: 'npm',
        advisory: 'CVE-2030-1',
        ecosystem: 'npm',
        matchedName: 'a',
        range: 'all versions',
        comparison: '1.0.0: no fixed version (rpm, module a or b); nothing of the package runs',
      },
    },
  ],
  secrets,
  misconfigurations,
  malware,
  licenses: [
    {
      expression: 'GPL-3.0-only',
      package: 'pkg:npm/a@1.0.0',
      category: 'network-copyleft',
      verdict: 'denied',
    },
  ],
  errors: [],
};
/** Three words with small letters in a row, such as no id, path or setting has. */
const SENTENCES = /(?<![\w/.-])[a-z]{2,} [a-z]{2,} [a-z]{2,}(?![\w-])/g;

function written(format: string, report = REPORT): string {
  const options = { language: 'zh', catalogue: findingCatalogue('zh'), width: 2000 } as const;
  return [...(reportFormat(format)?.write(report, options) ?? [])].join('');
}

for (const format of ['table', 'html', 'sarif', 'junit', 'json', 'gitlab-codequality', 'gitlab-secrets']) {
  test(`${format} in Chinese has none of the English texts of checks and rules, and is the same each time`, () => {
    const text = written(format);
    const english = [
      ...POSTURE_CHECKS.flatMap(({ title, fix }) => [title[0], fix[0]]),
      ...[...BUILT_IN_RULES, ...BUILT_IN_MALWARE_RULES]
        .filter(({ title }) => !title.zh.includes(title.en) && title.en.includes(' '))
        .map(({ title }) => title.en),
    ];
    // A title in Chinese may hold the name of a product that another title in English is made of.
    const known = BUILT_IN_RULES.map(({ title }) => title.zh).join('\n');
    for (const one of english) if (!known.includes(one)) assert.ok(!text.includes(one), one);
    const shown = text.slice(text.indexOf('<body>') + 1).replaceAll(/<[^>]*>/g, '\n');
    const isForPeople = format === 'table' || format === 'html';
    if (isForPeople) assert.deepEqual(shown.match(SENTENCES), null);
    assert.equal(written(format), text);
  });
}

test('a baseline in Chinese is the same report', () => {
  const chinese = localizedReport(REPORT, 'zh');
  assert.notDeepEqual(chinese.misconfigurations, REPORT.misconfigurations);
  const back = localizedReport(chinese, 'en');
  assert.deepEqual(back.misconfigurations, REPORT.misconfigurations);
  assert.deepEqual(back.secrets, REPORT.secrets);
  assert.deepEqual(back.malware, REPORT.malware);
  const { misconfigurations: changes, vulnerabilities, secrets: found } = diffReports(back, REPORT);
  assert.deepEqual([changes.added, vulnerabilities.added, found.added], [[], [], []]);
});

test('fingerprints do not depend on the language', () => {
  const prints = (text: string): readonly string[] =>
    [...text.matchAll(/"guardcell\/v1": "(\w+)"/g)].map(([, print]) => print ?? '');
  const english = prints([...(reportFormat('sarif')?.write(REPORT, {}) ?? [])].join(''));
  assert.ok(english.length > 600, `${english.length}`);
  assert.deepEqual(prints(written('sarif')), english);
});

test('words of factors and comparisons are put into Chinese', () => {
  const [finding] = localizedReport(REPORT, 'zh').vulnerabilities;
  for (const { value } of finding?.factors ?? []) assert.match(value, /[\u4e00-\u9fff]/);
  assert.equal(finding?.explain.range, '所有版本');
  assert.equal(finding?.explain.comparison, '1.0.0：无修复版本 (rpm，模块 a 或 b)；该软件包没有可运行的内容');
});

test('remarks are put into Chinese by their codes; details of others stay', () => {
  const { error } = findingCatalogue('zh');
  const said = (code: string, message: string, hint = ''): string => {
    const shown = error({ code, message, at: '/a', hint });
    return `${shown.message} ${shown.hint}`.trim();
  };
  assert.equal(
    said('GC_OS_END_OF_LIFE', 'Debian 9 has had no security fixes since 2022-06-30'),
    'Debian 9 自 2022-06-30 起不再有安全更新',
  );
  assert.equal(
    said('GC_FILE_NOT_READ', 'npm: the file has 99 bytes, at most 9 are read'),
    'npm：文件过大（99 字节）',
  );
  assert.equal(said('GC_FILE_NOT_READ', 'npm: broken JSON'), '未能完整读取，npm：broken JSON');
  assert.equal(
    said('GC_FILE_NOT_READ', 'apk: 2 entries of the package database have no usable name or version'),
    '未能完整读取，apk：软件包数据库中有 2 个条目没有可用的名称或版本',
  );
  assert.equal(said('GC_NOBODY_KNOWS', 'something', 'Do it.'), 'something Do it.');
  assert.equal(
    said(
      'GC_SBOM_UNKNOWN',
      '1 component has no package URL of an ecosystem with advisories and cannot be judged: x',
    ),
    '1 个组件没有可对应公告的 package URL，无法判断：x',
  );
});
