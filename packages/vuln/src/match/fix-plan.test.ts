// Which upgrades are advised.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PackageType, SoftwarePackage, VulnerabilityFinding } from '@guardcell/core';
import { fixPlan } from './fix-plan.ts';

function pkg(type: PackageType, name: string, version: string): SoftwarePackage {
  return { type, name, version, purl: `pkg:${type}/${name}@${version}`, locations: [], licenses: [] };
}

function finding(of: SoftwarePackage, id: string, fixed: string): VulnerabilityFinding {
  return { id, package: of.purl, fixed, score: 10 } as unknown as VulnerabilityFinding;
}

function plan(of: SoftwarePackage, fixes: Readonly<Record<string, string>>): readonly string[] {
  const findings = Object.entries(fixes).map(([id, fixed]) => finding(of, id, fixed));
  return fixPlan(findings, [of]).map(({ to, closes }) => `${to}: ${closes.join(' ')}`);
}

test('what the installed branch fixes is a step of its own', () => {
  const fixes = { A: '6.2.1', B: '6.9.0', C: '8.0.4' };
  assert.deepEqual(plan(pkg('npm', 'ws', '6.0.16'), fixes), ['6.9.0: A B', '8.0.4: C']);
});

test('programs and versions below 1 have a branch for each second number', () => {
  const python = { A: '3.11.9', B: '3.11.14', C: '3.15.0' };
  assert.deepEqual(plan(pkg('binary', 'python', '3.11.2'), python), ['3.11.14: A B', '3.15.0: C']);
  assert.deepEqual(plan(pkg('cargo', 'time', '0.1.4'), { A: '0.1.9', B: '0.2.23' }), [
    '0.1.9: A',
    '0.2.23: B',
  ]);
  const net = pkg('golang', 'golang.org/x/net', 'v0.16.0');
  assert.deepEqual(plan(net, { A: 'v0.17.0', B: 'v0.23.0' }), ['v0.23.0: A B']);
});

test('a distribution fixes within its release, whatever its versions look like', () => {
  const curl = pkg('deb', 'curl', '7.88.1-10+deb12u1');
  assert.deepEqual(plan(curl, { A: '7.88.1-10+deb12u4', B: '8.1-1' }), ['8.1-1: A B']);
});
