// Turns the trees of one rule file into items.
import { nearestName, PRIORITIES, parsePriority, type RuleFile } from '@guardcell/core';
import type { Item, RuleItem } from './items.ts';
import {
  checkKeys,
  fail,
  hasKey,
  keyPlace,
  type MapReader,
  placeOf,
  readBoolean,
  readNumber,
  readOverride,
  readSource,
  readText,
  readTexts,
} from './map-reader.ts';
import { addError, addWarning, type Problems } from './problems.ts';
import { readExceptions } from './read-exceptions.ts';
import { readMeta } from './read-meta.ts';
import { readPluginVersions } from './read-plugin-versions.ts';
import type { SourceText } from './source-text.ts';
import { entryOf, type Position, readYaml, type YamlMap, type YamlNode } from './yaml-tree.ts';

const KINDS = ['required_engine_version', 'required_plugin_versions', 'list', 'macro', 'rule'] as const;

const RULE_APPENDABLE = ['condition', 'output', 'desc', 'tags', 'exceptions'] as const;
const RULE_REPLACEABLE = [
  ...RULE_APPENDABLE,
  'priority',
  'capture',
  'capture_duration',
  'enabled',
  'warn_evttypes',
  'skip-if-unknown-filter',
] as const;
const RULE_KEYS = ['rule', ...RULE_REPLACEABLE, 'source', 'override', 'append', 'guardcell'];

/** Never throws; items that cannot be used are left out and reported. */
export function readItems(file: RuleFile, problems: Problems): readonly Item[] {
  const { documents, failure } = readYaml(file.content.toWellFormed());
  const items: Item[] = [];
  for (const document of documents) {
    if (!readDocument(document, file, problems, items)) break;
  }
  if (failure !== undefined) {
    const place = placeOf({ file: file.name }, failure.at);
    addError(problems, 'LOAD_ERR_YAML_PARSE', failure.message, place, '');
  }
  return items;
}

function readDocument(document: YamlNode, file: RuleFile, problems: Problems, items: Item[]): boolean {
  const place = placeOf({ file: file.name }, document.at);
  if (document.kind === 'scalar' && document.text === '') return true;
  if (document.kind !== 'sequence') {
    const message = 'Rules content is not a sequence of items';
    addError(
      problems,
      'LOAD_ERR_YAML_VALIDATE',
      message,
      place,
      '',
      'write each rule, macro and list as "- rule: …"',
    );
    return false;
  }
  for (const node of document.items) {
    if (node.kind === 'scalar' && node.text === '') continue;
    if (node.kind !== 'map') {
      const at = placeOf({ file: file.name }, node.at);
      addError(
        problems,
        'LOAD_ERR_YAML_VALIDATE',
        'Unexpected element type. Each element should be a map',
        at,
        '',
      );
      continue;
    }
    const item = readItem(node, file, problems);
    if (item !== undefined) items.push(item);
  }
  return true;
}

function readItem(map: YamlMap, file: RuleFile, problems: Problems): Item | undefined {
  const kind = KINDS.find((key) => map.entries.some((entry) => entry.key === key));
  const reader: MapReader = {
    map,
    file: file.name,
    content: file.content,
    problems,
    item: '',
    failed: false,
  };
  if (kind === undefined) {
    const key = map.entries[0]?.key ?? '';
    const near = nearestName(key, KINDS);
    const hint = near === undefined ? '' : `did you mean '${near}'?`;
    addWarning(
      problems,
      'LOAD_UNKNOWN_ITEM',
      `Unknown top level item '${key}'`,
      placeOf(reader, map.at),
      '',
      hint,
    );
    return undefined;
  }
  if (kind === 'required_plugin_versions') return readPluginVersions(reader);
  const name = readText(reader, kind) ?? '';
  const within = { type: kind, name: kind === 'required_engine_version' ? '' : name, at: map.at };
  const named: MapReader = { ...reader, item: name, within };
  const item = readKind(kind, name, named);
  return named.failed || reader.failed ? undefined : item;
}

function readKind(
  kind: Exclude<(typeof KINDS)[number], 'required_plugin_versions'>,
  name: string,
  reader: MapReader,
): Item | undefined {
  switch (kind) {
    case 'required_engine_version':
      checkKeys(reader, ['required_engine_version']);
      return { kind: 'engine-version', version: name, place: placeOf(reader, reader.map.at) };
    case 'list':
      return readList(name, reader);
    case 'macro':
      return readMacro(name, reader);
    case 'rule':
      return readRule(name, reader);
  }
}

function readAppend(reader: MapReader): boolean {
  const append = readBoolean(reader, 'append') ?? false;
  if (!append) return false;
  if (hasKey(reader, 'override')) {
    fail(reader, "Keys 'override' and 'append: true' cannot be used together.", reader.map.at);
  }
  const message =
    "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.";
  addWarning(reader.problems, 'LOAD_DEPRECATED_ITEM', message, keyPlace(reader, 'append'), reader.item);
  return true;
}

function requireName(name: string, reader: MapReader, kind: string): void {
  if (name === '') fail(reader, `${kind} name is empty`, reader.map.at);
}

const IDENTIFIER = /^[a-zA-Z]+[a-zA-Z0-9_]*$/;
/** What conditions can read as one bare word. */
const BARE_WORD = /^[^()"'\s=,]+$/;

function readList(name: string, reader: MapReader): Item | undefined {
  requireName(name, reader, 'List');
  checkKeys(reader, ['list', 'items', 'append', 'override']);
  if (!BARE_WORD.test(name)) {
    const message = `List has an invalid name. List names should match a regular expression: ${BARE_WORD.source}`;
    addWarning(reader.problems, 'LOAD_INVALID_LIST_NAME', message, placeOf(reader, reader.map.at), name);
  }
  const append = readAppend(reader);
  const override = readOverride(reader, ['items'], ['items']);
  const items = readTexts(reader, 'items');
  if (items === undefined) return fail(reader, "Item has no mapping for key 'items'", reader.map.at);
  return { kind: 'list', name, place: placeOf(reader, reader.map.at), append, override, items };
}

function readMacro(name: string, reader: MapReader): Item | undefined {
  requireName(name, reader, 'Macro');
  checkKeys(reader, ['macro', 'condition', 'append', 'override']);
  if (!IDENTIFIER.test(name)) {
    const message = `Macro has an invalid name. Macro names should match a regular expression: ${IDENTIFIER.source}`;
    addWarning(reader.problems, 'LOAD_INVALID_MACRO_NAME', message, placeOf(reader, reader.map.at), name);
  }
  const append = readAppend(reader);
  const override = readOverride(reader, ['condition'], ['condition']);
  const condition = readNonEmpty(reader, 'condition', 'macro condition');
  if (condition === undefined) return fail(reader, "Item has no mapping for key 'condition'", reader.map.at);
  return { kind: 'macro', name, place: placeOf(reader, reader.map.at), append, override, condition };
}

function readNonEmpty(reader: MapReader, key: string, partType: string): SourceText | undefined {
  const source = readSource(reader, key, partType);
  if (source !== undefined && source.text.trim() === '') return undefined;
  return source;
}

function priorityAt(reader: MapReader): Position {
  return entryOf(reader.map, 'priority')?.value.at ?? reader.map.at;
}

function readRule(name: string, reader: MapReader): RuleItem | undefined {
  requireName(name, reader, 'Rule');
  checkKeys(reader, RULE_KEYS);
  const priorityText = readText(reader, 'priority');
  const priority = priorityText === undefined ? undefined : parsePriority(priorityText);
  if (priorityText !== undefined && priority === undefined) {
    fail(
      reader,
      `Invalid priority '${priorityText}'`,
      priorityAt(reader),
      `one of ${PRIORITIES.join(', ')}`,
      'priority',
    );
  }
  return {
    kind: 'rule',
    name,
    place: placeOf(reader, reader.map.at),
    append: readAppend(reader),
    override: readOverride(reader, RULE_APPENDABLE, RULE_REPLACEABLE),
    condition: readNonEmpty(reader, 'condition', 'rule condition'),
    output: readText(reader, 'output')?.trim(),
    outputPlace: keyPlace(reader, 'output'),
    description: readText(reader, 'desc'),
    priority,
    source: readText(reader, 'source'),
    enabled: readBoolean(reader, 'enabled'),
    warnEventTypes: readBoolean(reader, 'warn_evttypes'),
    skipIfUnknownFilter: readBoolean(reader, 'skip-if-unknown-filter'),
    capture: readBoolean(reader, 'capture'),
    captureDurationMs: readNumber(reader, 'capture_duration'),
    tags: readTexts(reader, 'tags'),
    exceptions: readExceptions(reader),
    meta: readMeta(reader),
  };
}
