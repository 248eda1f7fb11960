// Writes an exception into a rule file as ordinary Falco YAML: an item that appends to the rule. What else is in the
// file, comments too, stays as it is.
import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import { exceptionLiteral, type RuleException } from './exception.ts';

export type WrittenException =
  | {
      readonly content: string /** May differ from what was asked for when that name was taken. */;
      readonly name: string;
    }
  | { readonly problem: string };

export interface WriteOptions {
  /** Names of all lists in force, which must not stand in values as they are. */
  readonly listNames?: ReadonlySet<string>;
  /** Said above a new item. */
  readonly comment?: string;
}

/** The file's content with the exception added for the rule; a problem when the file is not a list of items. */
export function addException(
  content: string,
  rule: string,
  exception: RuleException,
  options: WriteOptions = {},
): WrittenException {
  const document: Document = parseDocument(content, { prettyErrors: false, schema: 'failsafe' });
  if (document.errors.length > 0)
    return { problem: `the file is not YAML: ${document.errors[0]?.message ?? ''}` };
  if (document.contents === null) document.contents = new YAMLSeq();
  const items: unknown = document.contents;
  if (!isSeq(items)) return { problem: 'the file is not a list of rules' };
  const own = items.items.find(
    (item): item is YAMLMap => isMap(item) && item.get('rule') === rule && appends(item),
  );
  const known = own?.get('exceptions');
  if (own !== undefined && isSeq(known)) {
    const same = known.items.find((item): item is YAMLMap => isMap(item) && agrees(item, exception));
    const tuples = valuesNode(document, exception, options);
    if (same !== undefined) {
      const before = same.get('values');
      const there = new Set(isSeq(before) ? before.items.map((item) => JSON.stringify(item)) : []);
      for (const tuple of tuples.items) {
        if (isSeq(before) && !there.has(JSON.stringify(tuple))) before.add(tuple);
      }
      if (!isSeq(before)) same.set('values', tuples);
      return { content: text(document), name: nameOf(same) };
    }
    const names = new Set(known.items.map((item) => (isMap(item) ? nameOf(item) : '')));
    const named = { ...exception, name: freeName(exception.name, names) };
    known.add(exceptionNode(document, named, options));
    return { content: text(document), name: named.name };
  }
  const item = document.createNode({ rule }) as YAMLMap;
  const list = new YAMLSeq();
  list.add(exceptionNode(document, exception, options));
  item.set('exceptions', list);
  item.set('override', document.createNode({ exceptions: 'append' }));
  if (options.comment !== undefined) item.commentBefore = ` ${options.comment.replace(/[\r\n]+/g, ' ')}`;
  item.spaceBefore = items.items.length > 0;
  items.add(item);
  return { content: text(document), name: exception.name };
}

function text(document: Document): string {
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}

function appends(item: YAMLMap): boolean {
  const override = item.get('override');
  return item.get('append') === 'true' || (isMap(override) && override.get('exceptions') === 'append');
}

function nameOf(item: YAMLMap): string {
  return String(item.get('name') ?? '');
}

function agrees(item: YAMLMap, { fields, comps, name }: RuleException): boolean {
  const texts = (key: string): string => {
    const node = item.get(key);
    return isSeq(node)
      ? JSON.stringify(node.items.map((each) => (isScalar(each) ? String(each.value) : null)))
      : '';
  };
  return (
    nameOf(item) === name &&
    texts('fields') === JSON.stringify(fields) &&
    texts('comps') === JSON.stringify(comps)
  );
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let at = 2; taken.has(free); at += 1) free = `${name}_${at}`;
  return free;
}

function exceptionNode(document: Document, exception: RuleException, options: WriteOptions): YAMLMap {
  const node = document.createNode({ name: exception.name }) as YAMLMap;
  node.set('fields', flow(document, exception.fields));
  node.set('comps', flow(document, exception.comps));
  node.set('values', valuesNode(document, exception, options));
  return node;
}

function valuesNode(document: Document, exception: RuleException, { listNames }: WriteOptions): YAMLSeq {
  const literal = (value: string): string => exceptionLiteral(value, listNames);
  const list = new YAMLSeq();
  for (const tuple of exception.values) {
    const values = tuple.map((value) => (typeof value === 'string' ? literal(value) : value.map(literal)));
    list.add(flow(document, values));
  }
  return list;
}

function flow(document: Document, values: readonly unknown[]): YAMLSeq {
  return document.createNode(values, { flow: true }) as YAMLSeq;
}
