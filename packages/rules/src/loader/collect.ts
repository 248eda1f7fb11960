// Lets items act on each other: definition, replacement, append and override, in file order.
import type { Priority } from '@guardcell/core';
import { mergeExceptions } from './exceptions.ts';
import type { ExceptionItem, Item, ListItem, MacroItem, RuleItem, RuleMeta } from './items.ts';
import { pluginProblem } from './plugin-versions.ts';
import { addError, addWarning, type Problems } from './problems.ts';
import { joinSource, type Place, type SourceText } from './source-text.ts';
import { checkEngineVersion } from './versions.ts';

interface Ordered {
  readonly name: string;
  readonly place: Place;
  /** Where it was first defined; replacing keeps it. */
  readonly index: number;
  /** It sees only what was defined before this. */
  readonly visibility: number;
}

export interface ListDefinition extends Ordered {
  readonly items: readonly string[];
}

export interface MacroDefinition extends Ordered {
  readonly condition: SourceText;
}

export interface RuleDefinition extends Ordered {
  readonly condition: SourceText;
  readonly output: string;
  readonly outputPlace: Place;
  readonly description: string;
  readonly priority: Priority;
  readonly source: string;
  /** Of a source that is not there: the rule is known, so that others can change it, but never compiled. */
  readonly sourceMissing: boolean;
  readonly enabled: boolean;
  readonly warnEventTypes: boolean;
  readonly skipIfUnknownFilter: boolean;
  readonly capture: boolean;
  readonly captureDurationMs: number;
  readonly tags: readonly string[];
  readonly exceptions: readonly ExceptionItem[];
  readonly meta: RuleMeta;
}

export interface Collection {
  readonly lists: Map<string, ListDefinition>;
  readonly macros: Map<string, MacroDefinition>;
  readonly rules: Map<string, RuleDefinition>;
  next: number;
}

export interface CollectOptions {
  readonly engineVersion: string;
  readonly sources: ReadonlySet<string>;
  /** Versions of the plug-ins that `required_plugin_versions` may ask for. */
  readonly plugins: ReadonlyMap<string, string>;
}

export function newCollection(): Collection {
  return { lists: new Map(), macros: new Map(), rules: new Map(), next: 0 };
}

/** Adds the items of one file; what cannot be added is reported and left out. */
export function collect(
  collection: Collection,
  items: readonly Item[],
  options: CollectOptions,
  problems: Problems,
): void {
  for (const item of items) {
    switch (item.kind) {
      case 'engine-version': {
        const problem = checkEngineVersion(item.version, options.engineVersion);
        if (problem !== undefined) addError(problems, 'LOAD_ERR_VALIDATE', problem, item.place, '');
        if (problem !== undefined) return;
        break;
      }
      case 'plugin-versions': {
        const before = problems.list.length;
        for (const { alternatives, place } of item.requirements) {
          const problem = pluginProblem(alternatives, options.plugins);
          if (problem !== undefined) addError(problems, 'LOAD_ERR_VALIDATE', problem, place, '');
        }
        if (problems.list.length > before) return;
        break;
      }
      case 'list':
        collectList(collection, item, problems);
        break;
      case 'macro':
        collectMacro(collection, item, problems);
        break;
      case 'rule':
        collectRule(collection, item, options, problems);
        break;
    }
  }
}

function order(
  collection: Collection,
  item: ListItem | MacroItem | RuleItem,
  previous: Ordered | undefined,
): Ordered {
  const now = collection.next;
  collection.next += 1;
  return {
    name: item.name,
    place: previous?.place ?? item.place,
    index: previous?.index ?? now,
    visibility: now,
  };
}

function modifies(item: ListItem | MacroItem | RuleItem): boolean {
  return item.append || item.override.size > 0;
}

function reportMissing(item: ListItem | MacroItem | RuleItem, problems: Problems): void {
  const kind = { list: 'List', macro: 'Macro', rule: 'Rule' }[item.kind];
  const how = item.append ? "'append' key" : "'override' key";
  const message = `${kind} has ${how} but no ${item.kind} by that name already exists`;
  addError(problems, 'LOAD_ERR_VALIDATE', message, item.place, item.name);
}

function collectList(collection: Collection, item: ListItem, problems: Problems): void {
  const previous = collection.lists.get(item.name);
  if (modifies(item) && previous === undefined) {
    reportMissing(item, problems);
    return;
  }
  const appends = item.append || item.override.get('items') === 'append';
  const items = appends && previous !== undefined ? [...previous.items, ...item.items] : item.items;
  collection.lists.set(item.name, { ...order(collection, item, previous), items });
}

function collectMacro(collection: Collection, item: MacroItem, problems: Problems): void {
  const previous = collection.macros.get(item.name);
  if (modifies(item) && previous === undefined) {
    reportMissing(item, problems);
    return;
  }
  const appends = item.append || item.override.get('condition') === 'append';
  const condition =
    appends && previous !== undefined ? joinSource(previous.condition, item.condition) : item.condition;
  const place = appends ? (previous?.place ?? item.place) : item.place;
  collection.macros.set(item.name, { ...order(collection, item, previous), place, condition });
}

function collectRule(
  collection: Collection,
  item: RuleItem,
  options: CollectOptions,
  problems: Problems,
): void {
  const previous = collection.rules.get(item.name);
  const bare = [item.condition, item.output, item.description, item.priority].every(
    (value) => value === undefined,
  );
  if (modifies(item)) {
    if (previous === undefined) reportMissing(item, problems);
    else modifyRule(collection, item, previous, problems);
  } else if (bare && item.enabled !== undefined) {
    toggleRule(collection, item, previous, problems);
  } else {
    defineRule(collection, item, previous, options, problems);
  }
}

function toggleRule(
  collection: Collection,
  item: RuleItem,
  previous: RuleDefinition | undefined,
  problems: Problems,
): void {
  const message =
    "The standalone 'enabled' key usage is deprecated. Use 'enabled: replace' under 'override' instead.";
  addWarning(problems, 'LOAD_DEPRECATED_ITEM', message, item.place, item.name);
  if (previous === undefined) {
    addError(
      problems,
      'LOAD_ERR_VALIDATE',
      "Rule has 'enabled' key but no rule by that name already exists",
      item.place,
      item.name,
    );
    return;
  }
  collection.rules.set(item.name, { ...previous, enabled: item.enabled ?? previous.enabled });
}

function defineRule(
  collection: Collection,
  item: RuleItem,
  previous: RuleDefinition | undefined,
  options: CollectOptions,
  problems: Problems,
): void {
  const { condition, output, description, priority } = item;
  const missing = [
    ['condition', condition],
    ['output', output],
    ['desc', description],
    ['priority', priority],
  ].filter(([, value]) => value === undefined || value === '');
  if (
    condition === undefined ||
    output === undefined ||
    output === '' ||
    description === undefined ||
    priority === undefined
  ) {
    const message = `Rule lacks the required keys: ${missing.map(([key]) => key).join(', ')}`;
    addError(problems, 'LOAD_ERR_VALIDATE', message, item.place, item.name);
    return;
  }
  const source = item.source ?? 'syscall';
  if (previous !== undefined && previous.source !== source) {
    const message = 'Rule has been re-defined with a different source';
    addError(problems, 'LOAD_ERR_VALIDATE', message, item.place, item.name);
    return;
  }
  const sourceMissing = !options.sources.has(source);
  if (sourceMissing) {
    const message = `Unknown source ${source}, skipping`;
    addWarning(problems, 'LOAD_UNKNOWN_SOURCE', message, item.place, item.name);
  }
  const owner = { rule: item.name, source: sourceMissing ? undefined : source };
  const exceptions = mergeExceptions([], item.exceptions ?? [], 'define', owner, problems);
  if (exceptions === undefined) return;
  collection.rules.set(item.name, {
    ...order(collection, item, previous),
    place: item.place,
    condition,
    output,
    outputPlace: item.outputPlace,
    description,
    priority,
    source,
    sourceMissing,
    enabled: item.enabled ?? true,
    warnEventTypes: item.warnEventTypes ?? true,
    skipIfUnknownFilter: item.skipIfUnknownFilter ?? false,
    capture: item.capture ?? false,
    captureDurationMs: item.captureDurationMs ?? 0,
    tags: item.tags ?? [],
    exceptions,
    meta: item.meta ?? {},
  });
}

function modifyRule(
  collection: Collection,
  item: RuleItem,
  previous: RuleDefinition,
  problems: Problems,
): void {
  const appends = (key: string): boolean => item.append || item.override.get(key) === 'append';
  const text = (key: string, before: string, now: string | undefined): string => {
    if (now === undefined) return before;
    return appends(key) ? `${before} ${now}` : now;
  };
  const mode = appends('exceptions') ? 'append' : 'define';
  const before = appends('exceptions') ? previous.exceptions : [];
  const owner = { rule: item.name, source: previous.sourceMissing ? undefined : previous.source };
  const exceptions =
    item.exceptions === undefined
      ? previous.exceptions
      : mergeExceptions(before, item.exceptions, mode, owner, problems);
  if (exceptions === undefined) return;
  if (item.append && item.condition === undefined && item.exceptions === undefined) {
    const message = 'Appended rule must have exceptions or condition property';
    addError(problems, 'LOAD_ERR_VALIDATE', message, item.place, item.name);
    return;
  }
  const tags = item.tags ?? [];
  const condition = item.condition;
  collection.rules.set(item.name, {
    ...previous,
    ...order(collection, item, previous),
    condition:
      condition === undefined
        ? previous.condition
        : appends('condition')
          ? joinSource(previous.condition, condition)
          : condition,
    output: item.append ? previous.output : text('output', previous.output, item.output),
    description: item.append ? previous.description : text('desc', previous.description, item.description),
    tags:
      item.tags === undefined
        ? previous.tags
        : appends('tags')
          ? [...new Set([...previous.tags, ...tags])]
          : tags,
    priority: item.priority ?? previous.priority,
    enabled: item.enabled ?? previous.enabled,
    warnEventTypes: item.warnEventTypes ?? previous.warnEventTypes,
    skipIfUnknownFilter: item.skipIfUnknownFilter ?? previous.skipIfUnknownFilter,
    capture: item.capture ?? previous.capture,
    captureDurationMs: item.captureDurationMs ?? previous.captureDurationMs,
    exceptions,
    meta: item.meta ?? previous.meta,
  });
}
