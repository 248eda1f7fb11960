// Loads rule files in a thread of its own: what they need while being read goes away with it, and a file that takes
// long holds up nobody.
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, loadRules } from '@guardcell/rules';
import { libraryRule } from './library-rule.ts';
import type { LoadedRules, WorkerTask } from './load-rules.ts';
import { tryOnAlerts } from './try-on-alerts.ts';

/** Texts of macros and lists are shown beside completions, not read. */
const TEXT_MAX = 400;

const task = workerData as WorkerTask;
const load = loadRules(task.files);

function short(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1).toWellFormed()}…` : text;
}

if (task.kind === 'try') {
  const rules = load.rules
    .filter((rule) => rule.file === task.name)
    .map((rule) => ({ ...rule, enabled: true }));
  const engine = createEngine({ ...load, rules });
  parentPort?.postMessage(tryOnAlerts(engine, rules, task.alerts));
} else {
  const loaded: LoadedRules = {
    rules: load.rules.map(libraryRule),
    problems: load.problems.map((each) => ({ ...each })),
    macros: [...load.macros].map(([name, text]) => ({ name, text: short(text.trim().replace(/\s+/g, ' ')) })),
    lists: [...load.lists].map(([name, items]) => ({ name, text: short(items.slice(0, 60).join(', ')) })),
  };
  parentPort?.postMessage(loaded);
}
