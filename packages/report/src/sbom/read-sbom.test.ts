import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { reportFormat } from '../formats/registry.ts';
import { SAMPLE_REPORT } from '../testing/sample-report.ts';
import { readSbom } from './read-sbom.ts';
import type { SbomContent } from './sbom-content.ts';

function read(source: unknown): SbomContent {
  const sbom = readSbom(typeof source === 'string' ? source : JSON.stringify(source));
  assert.ok(!('problem' in sbom), 'problem' in sbom ? sbom.problem : '');
  return sbom;
}

function problem(source: string): string {
  const sbom = readSbom(source);
  return 'problem' in sbom ? sbom.problem : 'none';
}

describe('reading CycloneDX of other tools', () => {
  it('takes source packages, layers and the system from the properties that scanners add', () => {
    const sbom = read({
      bomFormat: 'CycloneDX',
      specVersion: '1.4',
      metadata: { component: { type: 'container', name: 'debian:12' } },
      components: [
        { type: 'operating-system', name: 'debian', version: '12.1' },
        {
          type: 'library',
          name: 'libc6',
          version: '2.36-9',
          purl: 'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12.1',
          properties: [
            { name: 'aquasecurity:trivy:SrcName', value: 'glibc' },
            { name: 'aquasecurity:trivy:SrcVersion', value: '2.36' },
            { name: 'aquasecurity:trivy:SrcRelease', value: '9' },
            { name: 'aquasecurity:trivy:FilePath', value: 'var/lib/dpkg/status' },
            { name: 'aquasecurity:trivy:LayerDiffID', value: 'sha256:1' },
          ],
          licenses: [{ license: { name: 'LGPL-2.1' } }, { expression: 'MIT OR ISC' }],
        },
        {
          type: 'library',
          name: 'openssl-libs',
          version: '3.0.7-24.el9',
          purl: 'pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?arch=x86_64&epoch=1&upstream=openssl-3.0.7-24.el9.src.rpm',
          properties: [
            { name: 'syft:location:0:path', value: '/var/lib/rpm/rpmdb.sqlite' },
            { name: 'syft:location:0:layerID', value: 'sha256:2' },
          ],
        },
      ],
    });
    assert.deepEqual(sbom.os, { id: 'debian', idLike: [], versionId: '12.1', codename: '', prettyName: '' });
    assert.equal(sbom.name, 'debian:12');
    const [libc, openssl] = sbom.packages;
    assert.deepEqual(libc?.source, { name: 'glibc', version: '2.36-9' });
    assert.deepEqual(libc?.locations, [{ path: '/var/lib/dpkg/status', layer: 'sha256:1' }]);
    assert.deepEqual(libc?.licenses, ['LGPL-2.1', 'MIT OR ISC']);
    assert.equal(openssl?.version, '1:3.0.7-24.el9');
    assert.deepEqual(openssl?.source, { name: 'openssl', version: '3.0.7-24.el9' });
    assert.deepEqual(openssl?.locations, [{ path: '/var/lib/rpm/rpmdb.sqlite', layer: 'sha256:2' }]);
  });

  it('walks nested components and keeps those of unknown ecosystems as they are', () => {
    const sbom = read({
      bomFormat: 'CycloneDX',
      specVersion: '1.2',
      components: [
        {
          type: 'application',
          name: 'app',
          components: [
            {
              type: 'library',
              group: '@scope',
              name: 'x',
              version: '1.0.0',
              purl: 'pkg:npm/%40scope/x@1.0.0',
            },
          ],
        },
        { type: 'library', name: 'dplyr', version: '1.1', purl: 'pkg:cran/dplyr@1.1' },
        { type: 'file', name: '/bin/sh' },
        { type: 'library' },
      ],
    });
    assert.deepEqual(
      sbom.packages.map((item) => item.name),
      ['@scope/x'],
    );
    assert.deepEqual(
      sbom.unknown.map((item) => item.name),
      ['app', 'dplyr'],
    );
    assert.deepEqual(sbom.problems, ['a component without name']);
  });

  it('opens the envelope of a signed attestation', () => {
    const licenses = [{ license: { name: 'Lizenz für alle' } }];
    const components = [{ type: 'library', name: 'a', version: '1.0.0', purl: 'pkg:npm/a@1.0.0', licenses }];
    const statement = { predicate: { bomFormat: 'CycloneDX', specVersion: '1.6', components } };
    const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
    const sbom = read({ payloadType: 'application/vnd.in-toto+json', payload, signatures: [] });
    assert.deepEqual(
      sbom.packages.map(({ name, licenses: found }) => [name, found]),
      [['a', ['Lizenz für alle']]],
    );
    for (const broken of ['%%%', 'aGVsbG8='])
      assert.match(
        problem(JSON.stringify({ payloadType: 'application/vnd.in-toto+json', payload: broken })),
        /neither CycloneDX nor SPDX/,
      );
  });

  it('reads XML with a prefix, CDATA and character references', () => {
    const sbom = read(`<?xml version="1.0"?><!-- a > comment -->
      <b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.3"><b:components><b:component type="library">
      <b:group>org.x</b:group><b:name><![CDATA[y]]></b:name><b:version>1&#46;0</b:version>
      <b:licenses><b:expression>MIT &amp; more</b:expression></b:licenses>
      <b:purl>pkg:maven/org.x/y@1.0?type=jar</b:purl></b:component></b:components></b:bom>`);
    assert.equal(sbom.specVersion, '1.3');
    assert.deepEqual(sbom.packages, [
      {
        name: 'org.x:y',
        version: '1.0',
        type: 'maven',
        purl: 'pkg:maven/org.x/y@1.0?type=jar',
        locations: [],
        licenses: ['MIT & more'],
      },
    ]);
  });

  it('takes the system from package URLs when no component names it', () => {
    const component = {
      type: 'library',
      name: 'musl',
      version: '1.2',
      purl: 'pkg:apk/alpine/musl@1.2?distro=alpine-3.20.1',
    };
    const sbom = read({ bomFormat: 'CycloneDX', components: [component] });
    assert.equal(sbom.os?.id, 'alpine');
    assert.equal(sbom.os?.versionId, '3.20.1');
  });
});

describe('reading SPDX of other tools', () => {
  it('leaves out what the document describes and resolves licence references', () => {
    const sbom = read({
      spdxVersion: 'SPDX-2.2',
      name: 'doc',
      documentDescribes: ['SPDXRef-image'],
      hasExtractedLicensingInfos: [{ licenseId: 'LicenseRef-1', name: 'Acme licence', extractedText: 'x' }],
      packages: [
        { SPDXID: 'SPDXRef-image', name: 'shop:1', primaryPackagePurpose: 'CONTAINER' },
        {
          SPDXID: 'SPDXRef-os',
          name: 'debian',
          versionInfo: '12',
          primaryPackagePurpose: 'OPERATING-SYSTEM',
        },
        {
          SPDXID: 'SPDXRef-a',
          name: 'log4j-core',
          versionInfo: '2.14.1',
          licenseDeclared: 'LicenseRef-1',
          externalRefs: [
            {
              referenceCategory: 'PACKAGE_MANAGER',
              referenceType: 'purl',
              referenceLocator: 'pkg:maven/org.apache/log4j-core@2.14.1',
            },
          ],
        },
        { SPDXID: 'SPDXRef-b', name: 'thing', versionInfo: 'NOASSERTION' },
      ],
    });
    assert.equal(sbom.name, 'shop:1');
    assert.equal(sbom.os?.versionId, '12');
    assert.equal(sbom.packages[0]?.name, 'org.apache:log4j-core');
    assert.deepEqual(sbom.packages[0]?.licenses, ['Acme licence']);
    assert.deepEqual(sbom.unknown, [{ name: 'thing', version: '', purl: '' }]);
  });

  it('reads tag-value with remarks, texts over lines and files', () => {
    const sbom = read(
      [
        '# made by hand',
        'SPDXVersion: SPDX-2.3',
        'DocumentName: d',
        '',
        'PackageName: requests',
        'SPDXID: SPDXRef-1',
        'PackageVersion: 2.0',
        'PackageComment: <text>PackageName: no',
        'SPDXVersion: no</text>',
        'ExternalRef: PACKAGE-MANAGER purl pkg:pypi/requests@2.0',
        'PackageLicenseDeclared: Apache-2.0',
        '',
        'FileName: ./x',
        'SPDXID: SPDXRef-2',
      ].join('\r\n'),
    );
    assert.deepEqual(sbom.packages, [
      {
        name: 'requests',
        version: '2.0',
        type: 'pypi',
        purl: 'pkg:pypi/requests@2.0',
        locations: [],
        licenses: ['Apache-2.0'],
      },
    ]);
  });

  it('reads packages of SPDX 3', () => {
    const sbom = read({
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': [
        { type: 'CreationInfo', specVersion: '3.0.1' },
        { type: 'SpdxDocument', name: 'd' },
        {
          type: 'software_Package',
          spdxId: 'urn:a',
          name: 'serde',
          software_packageVersion: '1.0.1',
          software_packageUrl: 'pkg:cargo/serde@1.0.1',
        },
        {
          type: 'simplelicensing_LicenseExpression',
          spdxId: 'urn:l',
          simplelicensing_licenseExpression: 'MIT',
        },
        { type: 'Relationship', relationshipType: 'hasDeclaredLicense', from: 'urn:a', to: ['urn:l'] },
      ],
    });
    assert.equal(sbom.specVersion, '3.0.1');
    assert.deepEqual(sbom.packages, [
      {
        name: 'serde',
        version: '1.0.1',
        type: 'cargo',
        purl: 'pkg:cargo/serde@1.0.1',
        locations: [],
        licenses: ['MIT'],
      },
    ]);
  });
});

describe('reading hostile documents', () => {
  it('names what is wrong', () => {
    assert.match(problem(''), /^neither/);
    assert.match(problem('{"a":1}'), /neither CycloneDX nor SPDX/);
    assert.match(problem('{'), /^not JSON/);
    assert.match(problem('<html></html>'), /XML of <html>/);
    assert.match(problem('<bom><a></bom>'), /closes nothing/);
    assert.match(problem('<!DOCTYPE bom [<!ENTITY a "b">]><bom>&a;</bom>'), /document types/);
    assert.match(problem('<bom>&a;</bom>'), /entity &a; is not defined/);
    assert.match(problem('<bom'.repeat(300)), /broken start|nested/);
    assert.match(problem('<a>'.repeat(300)), /nested deeper than 200/);
  });

  it('takes no longer than linear time for texts made to slow it down', () => {
    const many = 200_000;
    for (const text of [
      '\n',
      ' \n',
      '# \n',
      '<a ',
      '<a b="',
      '&',
      '<!--',
      'SPDXVersion: SPDX-2.3\nPackageName: <text>',
      '{"a":',
    ]) {
      assert.ok('problem' in readSbom(text.repeat(many)) || text.startsWith('SPDX'), text);
    }
  });

  it('survives deep nesting, wrong types and prototype names', () => {
    const deep = `{"bomFormat":"CycloneDX","components":[${'{"name":"a","components":['.repeat(5_000)}${']}'.repeat(5_000)}]}`;
    assert.equal(read(deep).unknown.length, 5_000);
    const odd =
      '{"bomFormat":"CycloneDX","components":[1,null,"x",{"name":7},{"name":"__proto__","purl":"pkg:npm/__proto__@1","properties":{"a":1},"licenses":"MIT"}]}';
    assert.deepEqual(
      read(odd).packages.map((item) => item.name),
      ['__proto__'],
    );
  });

  it('never throws, whatever is done to a document', () => {
    const documents = ['cyclonedx', 'cyclonedx-xml', 'spdx', 'spdx-json'].map((id) =>
      [...(reportFormat(id)?.write(SAMPLE_REPORT, {}) ?? [])].join(''),
    );
    const change = fc.tuple(fc.nat(), fc.nat(60), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.array(change, { maxLength: 5 }), (document, edits) => {
        let text = document;
        for (const [at, cut, insert] of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + cut);
        }
        assert.ok(typeof readSbom(text) === 'object');
      }),
      { numRuns: 150 },
    );
  });
});
