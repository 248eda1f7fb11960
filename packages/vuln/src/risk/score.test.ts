// The risk score: what moves it, and that the shown factors add up to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RiskInput, riskOf } from './score.ts';

const INTERNET = { level: 'internet', ports: ['443/tcp'], privileged: false } as const;
const QUIET: RiskInput = {
  cvss: 7.5,
  severity: 'high',
  facts: undefined,
  exposure: { level: 'unknown', ports: [], privileged: false },
  inUse: 'unknown',
  fixed: '',
  demotion: '',
};

test('without evidence the score is that of CVSS alone, and no factor is invented', () => {
  const { score, factors } = riskOf(QUIET);
  assert.equal(score, 30);
  assert.deepEqual(
    factors.map(({ name }) => name),
    ['cvss'],
  );
});

test('factors add up to the score', () => {
  const { score, factors } = riskOf({
    ...QUIET,
    facts: {
      epss: { probability: 0.25, percentile: 0.9 },
      ssvc: { exploitation: 'poc', automatable: 'yes', impact: 'total' },
    },
    exposure: INTERNET,
    inUse: 'loaded',
    fixed: '1.2',
  });
  assert.equal(score, Math.round(factors.reduce((sum, { effect }) => sum + effect, 0)));
  assert.deepEqual(Object.fromEntries(factors.map(({ name, effect }) => [name, effect])), {
    cvss: 30,
    epss: 10,
    ssvc: 10,
    exposure: 8,
    'in-use': 6,
    fix: 4,
  });
});

test('a known exploited medium one comes before a critical one that nobody exploits', () => {
  const exploited = riskOf({
    ...QUIET,
    cvss: 6.5,
    facts: { kev: { added: '2024-01-01', ransomware: true } },
  });
  const critical = riskOf({ ...QUIET, cvss: 9.8, severity: 'critical' });
  assert.ok(exploited.score > critical.score);
  const untouched = riskOf({ ...QUIET, cvss: 9.8, inUse: 'untouched' });
  assert.ok(riskOf({ ...QUIET, cvss: 9.8, inUse: 'executed' }).score > critical.score);
  assert.ok(untouched.score < critical.score);
});

test('exploitation counts once when both KEV and SSVC know of it', () => {
  const kev = { added: '2024-01-01', ransomware: false };
  const ssvc = { exploitation: 'active', automatable: 'no', impact: 'partial' };
  const score = (facts: RiskInput['facts']): number => riskOf({ ...QUIET, facts }).score;
  assert.equal(score({ kev, ssvc }), score({ kev }));
  assert.equal(score({ ssvc }), score(undefined) + 10);
});

test('the score stays between 0 and 100, and low where nothing runs', () => {
  const worst: RiskInput = {
    ...QUIET,
    cvss: 10,
    facts: { kev: { added: '', ransomware: true }, epss: { probability: 1, percentile: 1 } },
    exposure: INTERNET,
    inUse: 'executed',
    fixed: '2',
  };
  assert.equal(riskOf(worst).score, 100);
  assert.equal(riskOf({ ...worst, demotion: 'nothing of the package runs' }).score, 5);
  assert.equal(riskOf({ ...QUIET, cvss: 0, severity: 'info', inUse: 'untouched' }).score, 0);
});

test('exposure says why, and the less can reach it the less it counts', () => {
  const order = ['internet', 'published', 'host-network', 'unknown', 'loopback', 'internal', 'none'] as const;
  const scores = order.map((level) => riskOf({ ...QUIET, exposure: { ...INTERNET, level } }).score);
  assert.deepEqual(scores, [38, 36, 34, 30, 28, 26, 22]);
  const { factors, score } = riskOf({
    ...QUIET,
    exposure: { level: 'published', ports: ['80/tcp', '443/tcp'], privileged: true },
  });
  assert.deepEqual(factors.slice(1), [
    { name: 'exposure', value: 'published: 80/tcp, 443/tcp', effect: 6 },
    { name: 'privileged', value: 'privileged container', effect: 4 },
  ]);
  assert.equal(score, 40);
});
