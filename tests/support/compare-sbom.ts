// Scans an SBOM of many packages and compares its findings, both ways, with what an oracle expects.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { Expected, Subject } from './advisory-oracle.ts';
import { scanReport } from './scan-cli.ts';

const encoded = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

/** An SBOM as other tools write it: package URLs follow the specification, names are as published. */
function sbomOf(type: string, subjects: readonly Subject[]): string {
  const components = subjects.map(({ name, version }) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:${type}/${encoded(name)}@${encodeURIComponent(version)}`,
  }));
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
}

/** Fails with the first packages that lack a finding, or have one that nothing gives reason for. */
export async function compareSbom(
  file: string,
  type: string,
  subjects: readonly Subject[],
  database: string,
  expected: readonly Expected[],
): Promise<void> {
  writeFileSync(file, sbomOf(type, subjects));
  const only = ['--only', 'packages,vulnerabilities', '--db', database];
  const report = await scanReport(['sbom', file, ...only]);
  const key = (name: string, version: string): string => `${name} ${version}`;
  const found = Map.groupBy(report.vulnerabilities, (one) => key(one.packageName, one.installed));
  const missing = expected.filter(({ name, version, ids }) => {
    const those = found.get(key(name, version)) ?? [];
    return !those.some(({ id, aliases }) => [id, ...aliases].some((each) => ids.includes(each)));
  });
  assert.deepEqual(
    missing.slice(0, 20).map(({ name, version, ids }) => `${name} ${version} ${ids[0]}`),
    [],
  );
  const asked = Map.groupBy(expected, (one) => key(one.name, one.version));
  const surplus = report.vulnerabilities.filter(({ packageName, installed, id, aliases }) => {
    const those = asked.get(key(packageName, installed)) ?? [];
    return !those.some(({ ids }) => [id, ...aliases].some((each) => ids.includes(each)));
  });
  assert.deepEqual(
    surplus.slice(0, 20).map((one) => `${one.packageName} ${one.installed} ${one.id} ${one.explain.range}`),
    [],
  );
  assert.ok(expected.length > 1000);
}
