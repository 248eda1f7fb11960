// Reads the `secrets` section of `.guardcell.yaml`: rules of the user, allowances, built-in rules that are not wanted.
import { isSeverity } from '@guardcell/core';
import { RE2JS } from 're2js';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { AllowRule, CustomRule, SecretSettings } from './custom-rule.ts';
import { globToPattern } from './glob.ts';
import { BUILT_IN_RULES } from './rules/registry.ts';

export interface SettingsProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: 'GC_SECRETS_SETTINGS';
  readonly message: string;
  readonly hint: string;
}

export interface ReadSettings {
  readonly settings: SecretSettings;
  readonly problems: readonly SettingsProblem[];
}

const MAX_PATTERN = 1_000;
const MAX_ENTRIES = 1_000;
const RULE_KEYS = ['id', 'title', 'severity', 'keywords', 'pattern', 'minEntropy'];
const ALLOW_KEYS = ['reason', 'rules', 'paths', 'values', 'until'];

interface Reader {
  report(node: Node | null | undefined, message: string, hint: string): void;
}

function nodeAt(map: YAMLMap, key: string): Node | undefined {
  const node = map.get(key, true);
  return node ?? undefined;
}

function textOf(map: YAMLMap, key: string, reader: Reader): string {
  const node = nodeAt(map, key);
  if (node === undefined) return '';
  if (isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number'))
    return String(node.value);
  reader.report(node, `${key} must be a text`, `Write ${key}: "…".`);
  return '';
}

function textsOf(
  map: YAMLMap,
  key: string,
  reader: Reader,
): { readonly text: string; readonly node: Node }[] {
  const node = nodeAt(map, key);
  if (node === undefined) return [];
  if (!isSeq(node)) {
    reader.report(node, `${key} must be a list`, `Write ${key}: [a, b].`);
    return [];
  }
  return node.items.slice(0, MAX_ENTRIES).flatMap((item) => {
    if (isScalar(item) && typeof item.value === 'string') return [{ text: item.value, node: item }];
    reader.report(item as Node, `${key} holds something that is no text`, 'Put it in quotes.');
    return [];
  });
}

function compile(pattern: string, node: Node | undefined, reader: Reader): RE2JS | undefined {
  if (pattern.length > MAX_PATTERN) {
    reader.report(node, `the pattern is longer than ${MAX_PATTERN} characters`, 'Split the rule.');
    return undefined;
  }
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.slice(0, 200) : 'malformed';
    reader.report(
      node,
      `not a pattern: ${why}`,
      'Patterns are written in RE2 syntax, without look-around and back-references.',
    );
    return undefined;
  }
}

function unknownKeys(map: YAMLMap, known: readonly string[], reader: Reader): void {
  for (const { key } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!known.includes(name))
      reader.report(key as Node, `unknown key ${name}`, `Known keys: ${known.join(', ')}.`);
  }
}

function readRule(map: YAMLMap, reader: Reader): CustomRule | undefined {
  unknownKeys(map, RULE_KEYS, reader);
  const id = textOf(map, 'id', reader);
  const severity = textOf(map, 'severity', reader) || 'high';
  const keywords = textsOf(map, 'keywords', reader).map((entry) => entry.text);
  const source = textOf(map, 'pattern', reader);
  const minEntropy = Number(textOf(map, 'minEntropy', reader) || 0);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) {
    reader.report(
      nodeAt(map, 'id') ?? map,
      'the rule has no usable id',
      'Use small letters, digits and hyphens.',
    );
    return undefined;
  }
  if (!isSeverity(severity)) {
    reader.report(
      nodeAt(map, 'severity'),
      `unknown severity ${severity}`,
      'Use critical, high, medium, low or info.',
    );
    return undefined;
  }
  if (keywords.length === 0 || keywords.some((keyword) => !/^[\x21-\x7e]{3,100}$/.test(keyword))) {
    reader.report(
      nodeAt(map, 'keywords') ?? map,
      'the rule needs keywords',
      'Give ASCII texts of three characters or more; each match has one of them on its line.',
    );
    return undefined;
  }
  if (!(minEntropy >= 0 && minEntropy <= 8)) {
    reader.report(
      nodeAt(map, 'minEntropy'),
      'minEntropy must be from 0 to 8',
      'Random texts have 3 to 5 bits per character.',
    );
    return undefined;
  }
  const pattern = source === '' ? undefined : compile(source, nodeAt(map, 'pattern'), reader);
  if (source === '') reader.report(map, 'the rule has no pattern', 'Add pattern: "…".');
  if (pattern === undefined) return undefined;
  return { id, title: textOf(map, 'title', reader) || id, severity, keywords, pattern, minEntropy };
}

function readAllow(map: YAMLMap, reader: Reader): AllowRule | undefined {
  unknownKeys(map, ALLOW_KEYS, reader);
  const reason = textOf(map, 'reason', reader);
  const until = textOf(map, 'until', reader);
  const rules = textsOf(map, 'rules', reader).map((entry) => entry.text);
  const pathTexts = textsOf(map, 'paths', reader);
  const valueTexts = textsOf(map, 'values', reader);
  const paths = pathTexts.flatMap(({ text, node }) => compile(globToPattern(text), node, reader) ?? []);
  const values = valueTexts.flatMap(({ text, node }) => compile(text, node, reader) ?? []);
  if (reason === '') {
    reader.report(map, 'the allowance has no reason', 'Say why the finding is accepted.');
    return undefined;
  }
  if (until !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(until)) {
    reader.report(nodeAt(map, 'until'), `until is no day: ${until}`, 'Write it as 2027-01-31.');
    return undefined;
  }
  // A broken condition must not widen what is allowed.
  if (paths.length < pathTexts.length || values.length < valueTexts.length) return undefined;
  if (rules.length + paths.length + values.length === 0) {
    reader.report(map, 'the allowance names no rules, paths or values', 'It would silence everything.');
    return undefined;
  }
  return { reason, rules, paths, values, until };
}

function readList<T>(
  section: YAMLMap,
  key: string,
  read: (map: YAMLMap) => T | undefined,
  reader: Reader,
): T[] {
  const node = nodeAt(section, key);
  if (node === undefined) return [];
  if (!isSeq(node)) {
    reader.report(node, `${key} must be a list`, `Start each entry with a hyphen.`);
    return [];
  }
  return node.items.slice(0, MAX_ENTRIES).flatMap((item) => {
    if (isMap(item)) return read(item) ?? [];
    reader.report(item as Node, `an entry of ${key} is no map`, 'Write key: value.');
    return [];
  });
}

function readSection(section: YAMLMap, reader: Reader): SecretSettings {
  unknownKeys(section, ['rules', 'allow', 'disable'], reader);
  const rules = readList(section, 'rules', (map) => readRule(map, reader), reader);
  const allow = readList(section, 'allow', (map) => readAllow(map, reader), reader);
  const known = new Set(BUILT_IN_RULES.map((rule) => rule.id));
  const disabled = textsOf(section, 'disable', reader).filter(({ text, node }) => {
    if (!known.has(text))
      reader.report(node, `no built-in rule is called ${text}`, 'Take the id from a finding.');
    return known.has(text);
  });
  return { rules, allow, disabled: new Set(disabled.map(({ text }) => text)) };
}

/**
 * Reads the section; other sections of the file belong to others. Entries with problems are left out, the rest counts.
 * @param file name for the problems
 */
export function readSecretSettings(file: string, content: string): ReadSettings {
  const lines = new LineCounter();
  const problems: SettingsProblem[] = [];
  const push = (offset: number, message: string, hint: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      code: 'GC_SECRETS_SETTINGS',
      message,
      hint,
    });
  };
  const reader: Reader = { report: (node, message, hint) => push(node?.range?.[0] ?? 0, message, hint) };
  const none: SecretSettings = { rules: [], allow: [], disabled: new Set() };
  const document = parseDocument(content, { lineCounter: lines, logLevel: 'silent' });
  for (const fault of document.errors)
    push(fault.pos[0], fault.message.split('\n')[0] ?? 'not YAML', 'Correct the YAML.');
  if (document.errors.length > 0 || !isMap(document.contents)) return { settings: none, problems };
  const section = nodeAt(document.contents, 'secrets');
  if (section === undefined) return { settings: none, problems };
  if (!isMap(section)) {
    reader.report(section, 'secrets must be a map', 'It holds rules, allow and disable.');
    return { settings: none, problems };
  }
  return { settings: readSection(section, reader), problems };
}
