// Events per CPU second for Kubernetes audit rules: node bench/audit.ts [--seconds=3]
import { parseArgs } from 'node:util';
import { auditEvent, createEngine, loadRules, readAudit } from '@guardcell/rules';
import { AUDIT_RULE_FILES, realisticEvents } from './audit-events.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3' } } });
const load = loadRules(AUDIT_RULE_FILES());
const texts = realisticEvents().map((event) => JSON.stringify(event));
const bytes = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;

interface Figure {
  readonly what: string;
  readonly eventsPerCpuSecond: number;
  readonly matches: number;
}

/** Repeats over all events until the CPU time is used; the first fifth warms up. */
function measure(what: string, step: (at: number) => number): Figure {
  const wantedUs = Number(values.seconds) * 1e6;
  let events = 0;
  let matches = 0;
  let from = process.cpuUsage();
  let warm = false;
  for (;;) {
    for (let at = 0; at < texts.length; at += 1) matches += step(at);
    events += texts.length;
    const used = process.cpuUsage(from);
    const usedUs = used.user + used.system;
    if (!warm && usedUs > wantedUs / 5) {
      warm = true;
      events = 0;
      matches = 0;
      from = process.cpuUsage();
    } else if (warm && usedUs >= wantedUs) {
      return { what, eventsPerCpuSecond: Math.round(events / (usedUs / 1e6)), matches };
    }
  }
}

const engine = createEngine(load);
const events = texts.map((text, at) => {
  const made = auditEvent(JSON.parse(text), at + 1);
  if (!made.ok) throw new Error(made.problem);
  return made.event;
});

function evaluate(event: (typeof events)[number]): number {
  let matches = 0;
  engine.evaluate(event, () => {
    matches += 1;
  });
  return matches;
}

const figures = [
  measure('rules alone', (at) => {
    const event = events[at];
    return event === undefined ? 0 : evaluate(event);
  }),
  measure('text to rules', (at) => {
    const [document] = readAudit(texts[at] ?? '').documents;
    const made = auditEvent(document, at + 1);
    return made.ok ? evaluate(made.event) : 0;
  }),
];
console.log(JSON.stringify({ rules: engine.ruleCount, bytesPerEvent: Math.round(bytes), figures }, null, 2));
