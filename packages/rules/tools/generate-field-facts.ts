// Writes testdata/falco-fields.txt: names, types, arguments and restrictions of Falco's fields, from the tables of
// its libraries and plug-ins. Facts only, no texts.
// Usage: node packages/rules/tools/generate-field-facts.ts <sinsp_fields.json> <plugin_fields.json>
import { readFileSync, writeFileSync } from 'node:fs';
import { type FieldFact, factsText, pluginFacts, sinspFacts } from './field-facts.ts';

const [sinspPath, pluginPath] = process.argv.slice(2);
if (sinspPath === undefined || pluginPath === undefined)
  throw new Error('usage: generate-field-facts.ts <sinsp_fields.json> <plugin_fields.json>');

const facts: readonly FieldFact[] = [
  ...sinspFacts(JSON.parse(readFileSync(sinspPath, 'utf8'))),
  ...pluginFacts(JSON.parse(readFileSync(pluginPath, 'utf8'))),
];
writeFileSync(new URL('../testdata/falco-fields.txt', import.meta.url), factsText(facts));
