import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApiDocument } from './openapi.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';

const document = openApiDocument('1.2.3');

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' ? [each] : references(each),
  );
}

function resolve(reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
}

test('every reference in the document leads somewhere', () => {
  const found = references(document);
  assert.ok(found.length > 50);
  for (const reference of found) assert.equal(typeof resolve(reference), 'object', reference);
});

test('every route of the contract is described with its parameters and its role', () => {
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()];
    assert.ok(operation !== undefined, name);
    assert.equal(operation['operationId'], name);
    assert.equal(operation['x-guardcell-access'], route.access);
    const parameters = operation['parameters'] as { name: string; in: string }[];
    for (const [, parameter] of route.path.matchAll(/\{(\w+)\}/g)) {
      assert.ok(
        parameters.some((each) => each.in === 'path' && each.name === parameter),
        `${name} ${parameter}`,
      );
    }
    assert.ok(String(route.status) in (operation['responses'] as object), name);
    assert.equal('requestBody' in operation, route.body !== undefined, name);
  }
});

test('operation ids are unique and the document is plain JSON', () => {
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map((each) => each['operationId']),
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

test('shared shapes are components, so that generated clients give them one type', () => {
  const page = document.components['schemas']?.['AlertPage'];
  assert.deepEqual(references(page), ['#/components/schemas/Alert']);
});
