import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage } from './catalogue.ts';
import { en } from './en.ts';
import { createFormat } from './format.ts';
import { zh } from './zh-CN.ts';

const english = createFormat('en', 'UTC');
const chinese = createFormat('zh-CN', 'UTC');
const NOW = Date.parse('2026-11-20T09:30:00Z');

test('delivery that is not complete is never shown as 100 %', () => {
  assert.equal(english.percent(0.999_999), '99.99%');
  assert.equal(english.percent(1), '100%');
});

test('times of today are shown without the date, others with it', () => {
  assert.equal(english.clock('2026-11-20T08:01:02Z', NOW), '08:01:02');
  assert.equal(english.clock('2026-11-18T08:01:02Z', NOW), 'Nov 18 08:01');
  assert.equal(english.clock('', NOW), '—');
});

test('ages use the largest unit that fits, in the language', () => {
  assert.equal(english.ago('2026-11-20T09:27:00Z', NOW), '3 min. ago');
  assert.equal(english.ago('2026-11-20T09:30:00Z', NOW), 'now');
  assert.equal(chinese.ago('2026-11-20T07:30:00Z', NOW), '2小时前');
});

test('sizes and durations have units', () => {
  assert.equal(english.bytes(16 * 1024 * 1024), '16 MiB');
  assert.equal(english.bytes(1536), '1.5 KiB');
  assert.equal(english.duration(340), '340 ms');
  assert.equal(english.duration(1200), '1.2 sec');
});

test('the browser decides the language until the user does', () => {
  assert.equal(chooseLanguage(null, ['de', 'zh-TW', 'en']), 'zh-CN');
  assert.equal(chooseLanguage('en', ['zh-CN']), 'en');
  assert.equal(chooseLanguage(null, ['fr']), 'en');
});

function leaves(value: unknown, path: string, out: Map<string, unknown>): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return out.set(path, value);
  for (const [key, child] of Object.entries(value)) leaves(child, `${path}.${key}`, out);
  return out;
}

test('no text is empty or left in English in the Chinese catalogue', () => {
  const same = new Set<string>();
  const original = leaves(en, '', new Map());
  for (const [path, value] of leaves(zh, '', new Map())) {
    if (typeof value !== 'string') continue;
    assert.notEqual(value, '', path);
    if (value === original.get(path)) same.add(value);
  }
  assert.deepEqual([...same].sort(), [
    'ATT&CK',
    'CSV',
    'CVSS',
    'EPSS',
    'Guardcell',
    'JSON',
    'Kubernetes',
    'SARIF',
    'SBOM',
    'SSVC',
    'URL',
  ]);
});

test('English counts agree with their noun', () => {
  assert.equal(en.events.count(1), '1 alert');
  assert.equal(en.events.count(1200), '1,200 alerts');
});
