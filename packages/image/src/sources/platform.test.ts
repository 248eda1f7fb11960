import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostPlatform, parsePlatform, platformText, suitability } from './platform.ts';

test('platforms are read in the ways people write them', () => {
  assert.equal(platformText(parsePlatform('linux/arm/v7')), 'linux/arm/v7');
  assert.equal(platformText(parsePlatform('x86_64')), 'linux/amd64');
  assert.equal(platformText(parsePlatform('Linux/aarch64')), 'linux/arm64');
  for (const wrong of ['', 'a/b/c/d', 'linux/', 'linux amd64']) {
    assert.throws(() => parsePlatform(wrong), { code: 'GC_IMAGE_PLATFORM' });
  }
});

test('the machine itself is asked by the names of Go', () => {
  assert.equal(platformText(hostPlatform('x64')), 'linux/amd64');
  assert.equal(platformText(hostPlatform('arm')), 'linux/arm/v7');
});

test('the best variant wins, and none that the processor cannot run', () => {
  const wanted = parsePlatform('linux/arm/v7');
  const rank = (text: string): number => suitability(parsePlatform(text), wanted);
  assert.ok(rank('linux/arm/v7') > rank('linux/arm/v6') && rank('linux/arm/v6') > 0);
  assert.equal(rank('linux/arm/v8'), -1);
  assert.equal(rank('linux/arm64'), -1);
  const arm64 = parsePlatform('linux/arm64');
  assert.equal(suitability(parsePlatform('linux/arm64/v8'), arm64), 100);
});
