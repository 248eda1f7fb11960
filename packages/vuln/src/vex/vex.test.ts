// VEX documents of three formats: what they clear, what they do not, and drafts that can be read back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VulnerabilityFinding } from '@guardcell/core';
import { applyVex, type VexArtifact } from './apply.ts';
import { draftOpenVex } from './draft.ts';
import { readVex } from './read-vex.ts';

const FINDING: VulnerabilityFinding = {
  id: 'CVE-2024-1',
  aliases: ['GHSA-x'],
  package: 'pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64',
  packageName: 'git',
  installed: '2.39.0-r1',
  fixed: '2.40.0-r0',
  severity: 'high',
  cvss: 7.5,
  score: 34,
  factors: [],
  status: 'fixed',
  inUse: 'untouched',
  summary: '',
  references: [],
  explain: { feed: 'f', advisory: 'a', ecosystem: 'Wolfi', matchedName: 'git', range: '', comparison: '' },
};

function reason(document: unknown, artifact?: VexArtifact): string | undefined {
  const reading = readVex(document, 'vex.json');
  assert.ok(reading);
  return applyVex([FINDING], reading.statements, artifact)[0]?.suppressed?.reason;
}

function openVex(...statements: readonly Readonly<Record<string, unknown>>[]): unknown {
  return { '@context': 'https://openvex.dev/ns/v0.2.0', timestamp: '2024-01-01T00:00:00Z', statements };
}

const NOT_AFFECTED = {
  vulnerability: { name: 'CVE-2024-1' },
  products: [{ '@id': 'pkg:apk/wolfi/git@2.39.0-r1' }],
  status: 'not_affected',
  justification: 'vulnerable_code_not_present',
};

test('OpenVEX clears the packages that it names, by id or alias', () => {
  assert.equal(reason(openVex(NOT_AFFECTED)), 'not affected: vulnerable_code_not_present');
  assert.ok(reason(openVex({ ...NOT_AFFECTED, vulnerability: 'GHSA-x' })));
  assert.equal(reason(openVex({ ...NOT_AFFECTED, vulnerability: { name: 'CVE-2024-2' } })), undefined);
  assert.equal(reason(openVex({ ...NOT_AFFECTED, products: ['pkg:apk/wolfi/git@2.38.0-r1'] })), undefined);
  assert.equal(reason(openVex({ ...NOT_AFFECTED, products: ['pkg:apk/wolfi/git?arch=aarch64'] })), undefined);
  assert.ok(reason(openVex({ ...NOT_AFFECTED, products: ['pkg:apk/wolfi/git?arch=x86_64'] })));
});

test('OpenVEX: who says not affected says why; the other statements count', () => {
  const { justification: _none, ...bare } = NOT_AFFECTED;
  for (const odd of [
    bare,
    { ...bare, justification: '' },
    { ...bare, justification: 'because' },
    { ...bare, impact_statement: ' ' },
    { ...bare, status_notes: 'We looked at it.' },
  ]) {
    assert.equal(reason(openVex(odd)), undefined);
    const reading = readVex(openVex(odd, NOT_AFFECTED), 'v');
    assert.equal(reading?.statements.length, 1);
    assert.deepEqual(reading.problems, [
      'statements[0] says not_affected without a known justification or an impact_statement',
    ]);
  }
  const said = { ...bare, impact_statement: 'It is not built in.' };
  assert.equal(reason(openVex(said)), 'not affected: It is not built in.');
  // What else is said of a product needs no reason.
  assert.equal(reason(openVex({ ...bare, status: 'fixed' })), 'fixed');
});

test('the latest statement decides', () => {
  const later = { ...NOT_AFFECTED, status: 'affected', timestamp: '2024-02-01T00:00:00Z' };
  assert.equal(reason(openVex(later, NOT_AFFECTED)), undefined);
  assert.ok(reason(openVex(later, { ...NOT_AFFECTED, timestamp: '2024-03-01T00:00:00Z' })));
});

test('a statement about an image concerns the parts it names, in that image only', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const image = { '@id': `pkg:oci/app@${digest}`, subcomponents: [{ '@id': 'pkg:apk/wolfi/git' }] };
  const document = openVex({ ...NOT_AFFECTED, products: [image] });
  assert.ok(reason(document, { digests: [digest], names: [] }));
  assert.equal(reason(document, { digests: [`sha256:${'b'.repeat(64)}`], names: [] }), undefined);
  assert.equal(reason(document), undefined);
  const other = { ...image, subcomponents: [{ '@id': 'pkg:apk/wolfi/curl' }] };
  assert.equal(
    reason(openVex({ ...NOT_AFFECTED, products: [other] }), { digests: [digest], names: [] }),
    undefined,
  );
});

function csaf(vulnerability: Readonly<Record<string, unknown>>, category = 'csaf_vex'): unknown {
  return {
    document: {
      csaf_version: '2.0',
      category,
      tracking: { current_release_date: '2024-01-01T00:00:00Z' },
    },
    product_tree: {
      branches: [
        {
          branches: [
            { product: { product_id: 'git', product_identification_helper: { purl: 'pkg:apk/wolfi/git' } } },
            { product: { product_id: 'platform', product_identification_helper: { cpe: 'cpe:/o:x' } } },
          ],
        },
      ],
      relationships: [
        {
          product_reference: 'git',
          relates_to_product_reference: 'platform',
          full_product_name: { product_id: 'platform:git' },
        },
      ],
      product_groups: [{ group_id: 'all', product_ids: ['git', 'platform:git'] }],
    },
    vulnerabilities: [
      { cve: 'CVE-2024-1', product_status: { known_not_affected: ['platform:git'] }, ...vulnerability },
    ],
  };
}

const IMPACT = { category: 'impact', details: 'It is not built in.' };

test('CSAF clears by product status, through branches and relations', () => {
  const flags = [{ label: 'component_not_present', product_ids: ['platform:git'] }];
  const threats = [{ ...IMPACT, product_ids: ['platform:git'] }];
  assert.equal(reason(csaf({ flags, threats })), 'not affected: component_not_present: It is not built in.');
});

test('CSAF: who is not affected needs a flag or an impact, named by product or group, or of all', () => {
  for (const [entries, told] of [
    [{ flags: [{ label: 'component_not_present', group_ids: ['all'] }] }, 'component_not_present'],
    [{ threats: [{ ...IMPACT, group_ids: ['all'] }] }, 'It is not built in.'],
    [{ threats: [IMPACT] }, 'It is not built in.'],
  ] as const)
    assert.equal(reason(csaf(entries)), `not affected: ${told}`);
  for (const entries of [
    {},
    { flags: [{ label: 'component_not_present', product_ids: ['git'] }] },
    { flags: [{ label: 'component_not_present', group_ids: ['none'] }] },
    { threats: [{ ...IMPACT, category: 'exploit_status', product_ids: ['platform:git'] }] },
  ]) {
    assert.equal(reason(csaf(entries)), undefined);
    assert.deepEqual(readVex(csaf(entries), 'v')?.problems, [
      'vulnerabilities[0] says known_not_affected without a flag or a threat of category impact: platform:git',
    ]);
  }
  assert.equal(reason(csaf({ product_status: { fixed: ['git'] } })), 'fixed');
  assert.equal(reason(csaf({}, 'csaf_security_advisory')), 'not affected');
});

test('CSAF: products that the tree does not have are told; those without purl are left out', () => {
  const reading = readVex(csaf({ product_status: { fixed: ['nobody', 'platform', 'git'] } }), 'v');
  assert.equal(reading?.statements.length, 1);
  assert.deepEqual(reading.problems, [
    'vulnerabilities[0] names products that the product tree does not have: nobody',
  ]);
});

test('CycloneDX clears by analysis, through component references', () => {
  const document = (state: string) => ({
    bomFormat: 'CycloneDX',
    components: [{ 'bom-ref': 'c1', purl: 'pkg:apk/wolfi/git@2.39.0-r1' }],
    vulnerabilities: [
      {
        id: 'CVE-2024-1',
        analysis: { state, justification: 'code_not_reachable' },
        affects: [{ ref: 'c1' }],
      },
      { id: 'CVE-2024-9' },
    ],
  });
  assert.equal(reason(document('not_affected')), 'not affected: code_not_reachable');
  assert.ok(reason(document('false_positive')));
  assert.equal(reason(document('exploitable')), undefined);
  assert.equal(readVex(document('odd'), 'v')?.problems.length, 1);
});

test('CycloneDX: versions beside a component without one narrow what is cleared', () => {
  const document = (state: string, versions: readonly object[], ref = 'pkg:apk/wolfi/git?arch=x86_64') => ({
    bomFormat: 'CycloneDX',
    vulnerabilities: [{ id: 'CVE-2024-1', analysis: { state }, affects: [{ ref, versions }] }],
  });
  const [own, other] = ['2.39.0-r1', '2.38.0-r1'];
  assert.ok(reason(document('not_affected', [])));
  assert.ok(reason(document('not_affected', [{ version: other }, { version: own }])));
  assert.ok(reason(document('resolved', [{ version: own, status: 'unaffected' }])));
  assert.equal(reason(document('not_affected', [{ version: other }])), undefined);
  assert.equal(reason(document('resolved', [{ version: own, status: 'affected' }])), undefined);
  const range = document('not_affected', [{ range: 'vers:apk/<2.39.0-r1' }]);
  assert.equal(reason(range), undefined);
  assert.equal(readVex(range, 'v')?.problems.length, 1);
  // A reference with a version says it all.
  assert.ok(reason(document('not_affected', [{ range: 'vers:apk/*' }], FINDING.package)));
});

test('other documents are not taken for VEX, and broken ones do not throw', () => {
  for (const document of [undefined, null, 5, 'x', [], {}, { vulnerabilities: [] }])
    assert.equal(readVex(document, 'v'), undefined);
  const broken = openVex({ products: 'x', vulnerability: 5 }, { ...NOT_AFFECTED, status: 'fine' });
  assert.equal(readVex(broken, 'v')?.problems.length, 2);
});

test('a draft has what was never touched, and silences nothing before somebody takes the mark away', () => {
  const options = {
    id: 'https://example.org/vex/1',
    author: 'Security',
    timestamp: '2026-01-01T00:00:00Z',
    product: 'pkg:oci/app@sha256:aa',
    observed: '12 pods, 9 days',
    until: '2026-02-01',
  };
  const draft = draftOpenVex([FINDING, { ...FINDING, inUse: 'loaded' }], options);
  assert.equal(draft.statements.length, 1);
  const about = { digests: ['sha256:aa'], names: [] };
  assert.deepEqual(readVex(draft, 'v')?.statements, []);
  assert.match(readVex(draft, 'v')?.problems[0] ?? '', /draft that nobody approved/);
  const statements = draft.statements.map((statement) => ({ ...statement, status_notes: 'Seen by alice.' }));
  assert.ok(reason({ ...draft, statements }, about));
});
