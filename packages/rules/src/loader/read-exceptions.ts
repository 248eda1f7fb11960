// The `exceptions:` key of a rule.
import type { ExceptionItem, ExceptionValue } from './items.ts';
import { checkKeys, fail, type MapReader, placeOf, readText, textsOf } from './map-reader.ts';
import { entryOf, type YamlNode } from './yaml-tree.ts';

/** Undefined when the rule has no such key. */
export function readExceptions(reader: MapReader): readonly ExceptionItem[] | undefined {
  const node = entryOf(reader.map, 'exceptions')?.value;
  if (node === undefined) return undefined;
  if (node.kind === 'scalar' && node.text === '') return [];
  if (node.kind !== 'sequence') return fail(reader, "'exceptions' must be a sequence", node.at);
  const exceptions: ExceptionItem[] = [];
  for (const item of node.items) {
    const exception = readException(reader, item);
    if (exception !== undefined) exceptions.push(exception);
  }
  return exceptions;
}

function readException(reader: MapReader, node: YamlNode): ExceptionItem | undefined {
  if (node.kind !== 'map') return fail(reader, 'Rule exception is not a map', node.at);
  const nested: MapReader = { ...reader, map: node };
  checkKeys(nested, ['name', 'fields', 'comps', 'values']);
  const name = readText(nested, 'name');
  const fields = textOrTexts(nested, 'fields');
  const comps = textOrTexts(nested, 'comps');
  const values = readValues(nested);
  reader.failed ||= nested.failed;
  if (name === undefined) return fail(reader, 'Rule exception item must have a name property', node.at);
  return {
    name,
    place: placeOf(reader, node.at),
    fields: fields?.texts,
    scalarField: fields?.scalar ?? false,
    comps: comps?.texts,
    values,
  };
}

function textOrTexts(
  reader: MapReader,
  key: string,
): { readonly texts: readonly string[]; readonly scalar: boolean } | undefined {
  const node = entryOf(reader.map, key)?.value;
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') return { texts: [node.text], scalar: true };
  const texts = textsOf(reader, node, key);
  return texts === undefined ? undefined : { texts, scalar: false };
}

function readValues(reader: MapReader): readonly (readonly ExceptionValue[])[] {
  const node = entryOf(reader.map, 'values')?.value;
  if (node === undefined || (node.kind === 'scalar' && node.text === '')) return [];
  if (node.kind !== 'sequence') {
    fail(reader, "'values' must be a sequence", node.at);
    return [];
  }
  return node.items.map((item): readonly ExceptionValue[] => {
    if (item.kind === 'scalar') return [item.text];
    if (item.kind === 'map') {
      fail(reader, 'a value of an exception must be a text or a sequence', item.at);
      return [];
    }
    return item.items.map(
      (element): ExceptionValue =>
        element.kind === 'scalar' ? element.text : (textsOf(reader, element, 'values') ?? []),
    );
  });
}
