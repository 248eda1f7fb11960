// Rule files to compiled rules: read, collect, expand, check. One bad item never stops the others.
import type { Priority, RuleFile, RuleLoadProblem, Severity } from '@guardcell/core';
import { severityOfPriority } from '@guardcell/core';
import { eventTypesOf, namesIn, type TypeSet } from '../engine/event-types.ts';
import { EVENT_SOURCES } from '../fields/field.ts';
import type { Expression } from '../language/ast.ts';
import { type AppendOutput, extraFieldsOf, outputText } from '../output/append-output.ts';
import { compileTemplate, type OutputTemplate } from '../output/template.ts';
import { checkExpression } from './check-expression.ts';
import { collect, newCollection, type RuleDefinition } from './collect.ts';
import { collidesWithEventType, exceptionsText } from './exceptions.ts';
import type { ExceptionItem, RuleMeta } from './items.ts';
import { type ResolvedLists, resolveLists } from './list-expansion.ts';
import { type Macros, parseMacros, parseText, reportUnresolved, resolveMacros } from './macro-expansion.ts';
import { PLUGIN_VERSIONS } from './plugin-versions.ts';
import { fileText, type ProblemContext } from './problem-context.ts';
import { addError, addWarning, newProblems, type Problems } from './problems.ts';
import { readItems } from './read-items.ts';
import { withPathsAsGiven } from './self-paths.ts';
import { ENGINE_VERSION } from './versions.ts';

/** A file that was asked for and could not be read. */
export interface UnreadableFile {
  readonly name: string;
  /** Why, for the verdict. */
  readonly message: string;
}

export interface LoadOptions {
  /** Version that `required_engine_version` is compared with. */
  readonly engineVersion?: string;
  readonly disabledRules?: ReadonlySet<string>;
  /** Sources whose rules are kept, default all that Guardcell has; others are skipped with a warning. */
  readonly sources?: ReadonlySet<string>;
  /** Plug-ins that rules may require with the versions that are answered for; default those that Guardcell has. */
  readonly plugins?: ReadonlyMap<string, string>;
  /** Appends container and pod fields to every output, as Falco does by default. */
  readonly suggestedOutput?: boolean;
  /** Files that the caller could not read; they are in the verdict with an error. */
  readonly unreadable?: readonly UnreadableFile[];
  /** What else follows outputs, in this order. */
  readonly appendOutput?: readonly AppendOutput[];
}

export interface CompiledRule {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly priority: Priority;
  readonly severity: Severity;
  readonly source: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** ATT&CK technique ids among the tags. */
  readonly mitre: readonly string[];
  readonly enabled: boolean;
  /** Whether a match records the events around it, and for how long after it, milliseconds. */
  readonly capture: boolean;
  readonly captureDurationMs: number;
  /** As written, appended parts included, exceptions not. */
  readonly condition: string;
  readonly output: string;
  /** Names of the events that it can match. */
  readonly eventTypes: ReadonlySet<string>;
  /** With the values of all files, in the order in which they apply. */
  readonly exceptions: readonly ExceptionItem[];
  readonly meta: RuleMeta;
  /** For the engine: the condition with lists and macros in place. */
  readonly expression: Expression;
  readonly types: TypeSet;
  readonly template: OutputTemplate;
}

export interface LoadResult {
  /** In file order. */
  readonly rules: readonly CompiledRule[];
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Condition texts by name. */
  readonly macros: ReadonlyMap<string, string>;
  readonly problems: readonly RuleLoadProblem[];
  /** Where each problem stands, for the verdict. */
  readonly contexts: ReadonlyMap<RuleLoadProblem, ProblemContext>;
  /** Problems beyond the first thousand, which are not kept. */
  readonly suppressedProblems: number;
  readonly files: readonly string[];
}

const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;
const MANY_EVENT_TYPES = 100;
const CAPTURE_DURATION_MS = 5000;
const ALL_SOURCES: ReadonlySet<string> = new Set(EVENT_SOURCES);

/** Loads rule files in the given order. Never throws: what is wrong is in `problems`. */
export function loadRules(files: readonly RuleFile[], options: LoadOptions = {}): LoadResult {
  const problems = newProblems();
  const collection = newCollection();
  const collectOptions = {
    engineVersion: options.engineVersion ?? ENGINE_VERSION,
    sources: options.sources ?? ALL_SOURCES,
    plugins: options.plugins ?? PLUGIN_VERSIONS,
  };
  const unreadable = options.unreadable ?? [];
  for (const { name, message } of unreadable) {
    addError(problems, 'LOAD_ERR_FILE_READ', message, { file: name, line: 1, column: 1 }, '');
  }
  for (const file of files) problems.texts.set(file.name, fileText(file.content));
  for (const file of files) collect(collection, readItems(file, problems), collectOptions, problems);
  const lists = resolveLists(collection.lists);
  for (const name of lists.oversized) {
    const list = collection.lists.get(name);
    if (list !== undefined) addError(problems, 'LOAD_ERR_VALIDATE', 'List is too long', list.place, name);
  }
  const macros = parseMacros(collection.macros, lists, problems);
  const rules: CompiledRule[] = [];
  const ordered = [...collection.rules.values()].sort((left, right) => left.index - right.index);
  for (const definition of ordered) {
    if (definition.sourceMissing) continue;
    const rule = compileRule(definition, lists, macros, options, problems);
    if (rule !== undefined) rules.push(rule);
  }
  for (const list of collection.lists.values()) {
    if (lists.used.has(list.name)) {
      warnOfCollision(list.name, list.place, problems);
      warnOfWord(list.name, lists.leftAsWords.get(list.name), list.place, problems);
    } else {
      addWarning(
        problems,
        'LOAD_UNUSED_LIST',
        'List not referred to by any rule/macro/list',
        list.place,
        list.name,
      );
    }
  }
  for (const macro of collection.macros.values()) {
    if (macros.used.has(macro.name)) continue;
    addWarning(
      problems,
      'LOAD_UNUSED_MACRO',
      'Macro not referred to by any rule/macro',
      macro.place,
      macro.name,
    );
  }
  return {
    rules,
    lists: lists.items,
    macros: new Map([...collection.macros].map(([name, macro]) => [name, macro.condition.text])),
    problems: problems.list,
    contexts: problems.contexts,
    suppressedProblems: problems.suppressed,
    files: [...files, ...unreadable].map((file) => file.name),
  };
}

function warnOfCollision(name: string, place: RuleDefinition['place'], problems: Problems): void {
  if (!collidesWithEventType(name)) return;
  const message = `List has the name of an event type: every '${name}' in a condition is replaced by its items`;
  addWarning(problems, 'LOAD_INVALID_LIST_NAME', message, place, name, 'rename the list');
}

function warnOfWord(
  name: string,
  word: string | undefined,
  place: RuleDefinition['place'],
  problems: Problems,
): void {
  if (word === undefined) return;
  const message = `item '${word}' is the name of an earlier list, but lists are put into each other one level deep only`;
  addWarning(
    problems,
    'LOAD_INVALID_LIST_NAME',
    message,
    place,
    name,
    `name '${word}' in the condition itself`,
  );
}

function compileRule(
  rule: RuleDefinition,
  lists: ResolvedLists,
  macros: Macros,
  options: LoadOptions,
  problems: Problems,
): CompiledRule | undefined {
  const parsed = parseText(rule.condition, exceptionsText(rule.exceptions), lists, rule.name, problems);
  if (parsed === undefined) return undefined;
  const resolved = resolveMacros(parsed.expression, macros);
  if (!resolved.ok) {
    reportUnresolved(resolved, parsed, rule.name, problems);
    return undefined;
  }
  if (!checkExpression(resolved.expression, parsed, macros, rule, problems)) return undefined;
  const template = compileOutput(rule, options, problems);
  if (template === undefined) return undefined;
  const expression = withPathsAsGiven(resolved.expression);
  const types = eventTypesOf(expression);
  const eventTypes = namesIn(types, rule.source);
  if (rule.warnEventTypes && eventTypes.size > MANY_EVENT_TYPES) {
    const message = 'Rule matches too many evt.type values. This has a significant performance penalty.';
    addWarning(
      problems,
      'LOAD_NO_EVTTYPE',
      message,
      rule.place,
      rule.name,
      'name the event types: evt.type in (…)',
    );
  }
  return {
    name: rule.name,
    file: rule.place.file,
    line: rule.place.line,
    priority: rule.priority,
    severity: severityOfPriority(rule.priority),
    source: rule.source,
    description: rule.description,
    tags: rule.tags,
    mitre: rule.tags.filter((tag) => TECHNIQUE.test(tag)),
    enabled: rule.enabled && options.disabledRules?.has(rule.name) !== true,
    capture: rule.capture,
    captureDurationMs: rule.captureDurationMs > 0 ? rule.captureDurationMs : CAPTURE_DURATION_MS,
    condition: rule.condition.text.trim(),
    output: rule.output,
    eventTypes,
    exceptions: rule.exceptions,
    meta: rule.meta,
    expression,
    types,
    template,
  };
}

function compileOutput(
  rule: RuleDefinition,
  options: LoadOptions,
  problems: Problems,
): OutputTemplate | undefined {
  const entries = [
    ...(options.suggestedOutput === true ? [{ suggestedOutput: true }] : []),
    ...(options.appendOutput ?? []),
  ];
  const compiled = compileTemplate(outputText(rule, entries), rule.source);
  const extra = extraFieldsOf(rule, entries);
  const failed = 'problem' in compiled ? compiled : 'problem' in extra ? extra : undefined;
  if (failed !== undefined) {
    const { problem, hint, unknown } = failed;
    if (rule.skipIfUnknownFilter && unknown) {
      addWarning(problems, 'LOAD_UNKNOWN_FILTER', problem, rule.outputPlace, rule.name, hint);
    } else {
      addError(problems, 'LOAD_ERR_COMPILE_OUTPUT', problem, rule.outputPlace, rule.name, hint);
    }
    return undefined;
  }
  if ('problem' in compiled || 'problem' in extra) return undefined;
  for (const field of compiled.template.deprecated) {
    const gone = field === 'container.info' ? ' and stands for nothing' : '';
    const message = `field '${field}' in the output is deprecated${gone}`;
    addWarning(problems, 'LOAD_DEPRECATED_ITEM', message, rule.outputPlace, rule.name);
  }
  return { ...compiled.template, extra: extra.fields };
}
