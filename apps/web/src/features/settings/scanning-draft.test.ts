import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsSchema } from '@guardcell/contract';
import { Compile } from 'typebox/compile';
import { draftOfScanning, scanningOf, scanningProblems } from './scanning-draft.ts';

const GOOD = draftOfScanning(undefined);

test('what a form begins with has no problems and is what the contract takes', () => {
  assert.equal(scanningProblems(GOOD).size, 0);
  const settings = { retentionDays: 30, notifyAllow: [], protectedContainers: [] };
  assert.ok(Compile(SettingsSchema).Check({ ...settings, scanning: scanningOf(GOOD) }));
});

test('settings that are read and saved unchanged stay what they were', () => {
  const scanning = scanningOf({ ...GOOD, mirrors: 'https://a.example\n\n http://b.example ', hosts: false });
  assert.deepEqual(scanning.databaseMirrors, ['https://a.example', 'http://b.example']);
  assert.deepEqual(scanningOf(draftOfScanning(scanning)), scanning);
});

test('numbers out of their range and mirrors that are no addresses are told', () => {
  const of = (change: Partial<typeof GOOD>): string[] => [...scanningProblems({ ...GOOD, ...change })];
  assert.deepEqual(of({ everyMinutes: '59' }), ['everyMinutes']);
  assert.deepEqual(of({ everyMinutes: '1e3' }), ['everyMinutes']);
  assert.deepEqual(of({ everyHours: '721' }), ['everyHours']);
  assert.deepEqual(of({ everyHours: '0' }), []);
  assert.deepEqual(of({ acceptancesKeptDays: '29' }), ['acceptancesKeptDays']);
  assert.deepEqual(of({ mirrors: 'https://a.example\nb.example' }), ['mirrors']);
});
