// The schemas and core's types say the same thing: assigning one to the other must type-check both ways.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionRecord, AgentReport, Alert, Container, ResponseRule, ScanReport } from '@guardcell/core';
import type { Type } from 'typebox';
import { ROUTES } from './routes.ts';
import type { AlertSchema } from './schemas/alert.ts';
import type { AgentReportSchema, ContainerSchema } from './schemas/platform.ts';
import type { ActionRecordSchema, ResponseRuleSchema } from './schemas/response.ts';
import type { ScanReportSchema } from './schemas/scan-report.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Same<A, B> =
  DeepReadonly<A> extends DeepReadonly<B> ? (DeepReadonly<B> extends DeepReadonly<A> ? true : false) : false;

test('schemas mirror the types of core', () => {
  const same: readonly [
    Same<Type.Static<typeof AlertSchema>, Alert>,
    Same<Type.Static<typeof AgentReportSchema>, AgentReport>,
    Same<Type.Static<typeof ActionRecordSchema>, ActionRecord>,
    Same<Type.Static<typeof ResponseRuleSchema>, ResponseRule>,
    Same<Omit<Type.Static<typeof ScanReportSchema>, 'packages'>, Omit<ScanReport, 'packages'>>,
    Type.Static<typeof ContainerSchema>['id'] extends Container['id'] ? true : false,
  ] = [true, true, true, true, true, true];
  assert.equal(same.length, 6);
});

test('no two routes share a method and path', () => {
  const keys = Object.values(ROUTES).map((route) => `${route.method} ${route.path}`);
  assert.equal(new Set(keys).size, keys.length);
});
