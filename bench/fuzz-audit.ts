// Feeds hostile Kubernetes audit events to reader, fields, rules and alerts: node bench/fuzz-audit.ts [--cases=1000000] [--seed=1]
import { parseArgs } from 'node:util';
import { auditAlert, auditEvent, createEngine, loadRules, readAudit } from '@guardcell/rules';
import { damaged, mutated, randomSource } from '../packages/rules/src/testing/hostile-audit.ts';
import { AUDIT_RULE_FILES, realisticEvents } from './audit-events.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const cases = Number(values.cases);
const random = randomSource(Number(values.seed));
const engine = createEngine(loadRules(AUDIT_RULE_FILES()));
const events = realisticEvents();
const counts = { documents: 0, texts: 0, events: 0, refused: 0, matches: 0, unreadable: 0, failures: 0 };
const startMs = performance.now();

function judge(document: unknown): void {
  const made = auditEvent(document, counts.events + 1);
  if (!made.ok) {
    counts.refused += 1;
    return;
  }
  counts.events += 1;
  engine.evaluate(made.event, (match) => {
    counts.matches += 1;
    // Making the alert is dear; every tenth is enough.
    if (counts.matches % 10 === 0) JSON.stringify(auditAlert(match, made.event, 'fuzz'));
  });
}

for (let at = 0; at < cases; at += 1) {
  const event = events[at % events.length];
  try {
    if (at % 4 === 3) {
      counts.texts += 1;
      const { documents, problem } = readAudit(damaged(JSON.stringify(event), random));
      if (problem !== undefined) counts.unreadable += 1;
      for (const document of documents) judge(document);
    } else {
      counts.documents += 1;
      judge(mutated(event, random));
    }
  } catch (thrown) {
    counts.failures += 1;
    if (counts.failures <= 5) console.error(`case ${at}:`, thrown);
  }
}
const seconds = (performance.now() - startMs) / 1000;
const rssMb = Math.round(process.memoryUsage().rss / 1024 / 1024);
console.log(
  JSON.stringify({ cases, seed: Number(values.seed), ...counts, seconds: Math.round(seconds), rssMb }),
);
process.exitCode = counts.failures === 0 ? 0 : 1;
