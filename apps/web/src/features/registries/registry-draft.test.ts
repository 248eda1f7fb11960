import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegistryInputSchema } from '@guardcell/contract';
import { Compile } from 'typebox/compile';
import { draftOf, EMPTY_DRAFT, nameOf, registryInput, registryProblems } from './registry-draft.ts';

const GOOD = { ...EMPTY_DRAFT, name: 'company', url: 'https://registry.example.com/shop' };

test('a form that has no problems is what the contract takes', () => {
  assert.equal(registryProblems(GOOD, []).size, 0);
  const input = registryInput({ ...GOOD, repositories: ' shop/* \n\nshop/*\npay/* ', password: 'x' });
  assert.ok(Compile(RegistryInputSchema).Check(input));
  assert.deepEqual(input.repositories, ['shop/*', 'pay/*']);
});

test('the password is sent only when it changes', () => {
  assert.equal('password' in registryInput(GOOD), false);
  assert.equal(registryInput({ ...GOOD, password: 'secret' }).password, 'secret');
  assert.equal(registryInput({ ...GOOD, dropPassword: true }).password, '');
});

test('names, addresses and numbers that cannot be are told', () => {
  const of = (change: Partial<typeof GOOD>, taken: readonly string[] = []): string[] => [
    ...registryProblems({ ...GOOD, ...change }, taken),
  ];
  assert.deepEqual(of({ name: '-a' }), ['name']);
  assert.deepEqual(of({ name: 'Company' }), ['name']);
  assert.deepEqual(of({}, ['company']), ['taken']);
  for (const url of ['registry.example.com', 'ftp://x', 'https://', '']) {
    assert.deepEqual(of({ url }), ['url'], url);
  }
  assert.deepEqual(of({ newestTags: '1001', everyMinutes: '4' }), ['newestTags', 'everyMinutes']);
  assert.deepEqual(of({ newestTags: '-1', everyMinutes: '1.5' }), ['newestTags', 'everyMinutes']);
});

test('a registry that is edited and saved unchanged stays what it was', () => {
  const registry = {
    name: 'company',
    ...registryInput(GOOD),
    passwordSet: true,
    artifacts: 3,
    nextRunAt: '',
    lastJob: null,
    createdAt: '',
    createdBy: 'admin',
  };
  assert.deepEqual(registryInput(draftOf(registry)), registryInput(GOOD));
});

test('the name follows the address until somebody gives one', () => {
  assert.equal(nameOf('https://Registry.Example.com:5000/x'), 'registry-example-com');
  assert.equal(nameOf('nothing'), '');
});
