// What an accepted risk covers, how files are called, and what VEX names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Artifact } from '@guardcell/contract';
import type { VulnerabilityFinding } from '@guardcell/core';
import { covers } from './acceptances.ts';
import { fileNameOf } from './report-download.ts';
import { productOf } from './vex-documents.ts';

const ID = `sha256:${'ab'.repeat(32)}`;

function artifact(name: string, id = ID): Artifact {
  return { summary: { id, name, references: [name, 'mirror.example.com/web:2'] } } as unknown as Artifact;
}
const FINDING = {
  id: 'CVE-2030-10001',
  aliases: ['GHSA-xxxx'],
  packageName: 'demo',
} as unknown as VulnerabilityFinding;
const WEB = artifact('registry.example.com:5000/shop/web:1.2@sha256:00');
const ANY = { vulnerability: 'CVE-2030-10001', package: '', artifact: '', image: '' };

test('every member of a scope that is given must fit', () => {
  assert.equal(covers(ANY, WEB, FINDING), true);
  assert.equal(covers({ ...ANY, vulnerability: 'GHSA-xxxx' }, WEB, FINDING), true);
  assert.equal(covers({ ...ANY, vulnerability: 'CVE-2030-1000' }, WEB, FINDING), false);
  assert.equal(covers({ ...ANY, package: 'demo' }, WEB, FINDING), true);
  assert.equal(covers({ ...ANY, package: 'other' }, WEB, FINDING), false);
  assert.equal(covers({ ...ANY, artifact: ID }, WEB, FINDING), true);
  assert.equal(covers({ ...ANY, artifact: 'sha256:00' }, WEB, FINDING), false);
  assert.equal(covers({ ...ANY, image: 'registry.example.com:5000/shop/*' }, WEB, FINDING), true);
  assert.equal(
    covers({ ...ANY, image: 'mirror.example.com/web' }, WEB, FINDING),
    true,
    'by any of its names',
  );
  assert.equal(
    covers({ ...ANY, image: 'registry.example.com:5000/*' }, WEB, FINDING),
    false,
    '* stays in one part',
  );
});

test('files are called after the image, without anything that a path could be made of', () => {
  assert.equal(fileNameOf(WEB, 'cdx.json'), 'shop-web-1.2-abababababab.cdx.json');
  assert.equal(fileNameOf(artifact('../../etc/"x"\r\n', 'host:h'), 'json'), 'etc--x.json');
  assert.equal(fileNameOf(artifact('', 'host:h'), 'csv'), 'artifact.csv');
});

test('VEX names images by purl, hosts by a name of our own', () => {
  assert.equal(
    productOf(WEB),
    `pkg:oci/web@sha256%3A${'ab'.repeat(32)}?repository_url=registry.example.com%3A5000/shop/web`,
  );
  assert.equal(productOf(artifact('h', 'host:h 1')), 'urn:guardcell:artifact:host%3Ah%201');
});
