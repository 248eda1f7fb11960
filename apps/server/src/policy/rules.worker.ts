// Loads rule files in a thread of its own: what they need while being read goes away with it, and a file that takes
// long holds up nobody.
import { parentPort, workerData } from 'node:worker_threads';
import type { RuleFile } from '@guardcell/core';
import { loadRules } from '@guardcell/rules';
import type { LoadedRules } from './load-rules.ts';

const EMPTY_TEXT = { en: '', zh: '' };

const { files } = workerData as { readonly files: readonly RuleFile[] };
const { rules, problems } = loadRules(files);
const loaded: LoadedRules = {
  rules: rules.map((rule) => ({
    name: rule.name,
    file: rule.file,
    line: rule.line,
    source: rule.source,
    priority: rule.priority,
    severity: rule.severity,
    enabled: rule.enabled,
    tags: [...rule.tags],
    mitre: [...rule.mitre],
    title: { ...EMPTY_TEXT, ...rule.meta.title },
    description: { ...EMPTY_TEXT, ...rule.meta.description },
    advice: { ...EMPTY_TEXT, ...rule.meta.advice },
    condition: rule.condition,
    output: rule.output,
    eventTypes: [...rule.eventTypes],
  })),
  problems: problems.map((each) => ({ ...each })),
};
parentPort?.postMessage(loaded);
