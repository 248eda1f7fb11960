// The `guardcell:` key of a rule: stable id and texts in two languages.
import type { RuleMeta, Translated } from './items.ts';
import { checkKeys, fail, type MapReader, readText } from './map-reader.ts';
import { entryOf } from './yaml-tree.ts';

function inner(reader: MapReader, key: string): MapReader | undefined {
  const node = entryOf(reader.map, key)?.value;
  if (node === undefined) return undefined;
  if (node.kind !== 'map') return fail(reader, `'${key}' must be a map`, node.at);
  return { ...reader, map: node };
}

function readTranslated(reader: MapReader, key: string): Translated | undefined {
  const nested = inner(reader, key);
  if (nested === undefined) return undefined;
  checkKeys(nested, ['en', 'zh']);
  const en = readText(nested, 'en');
  const zh = readText(nested, 'zh');
  reader.failed ||= nested.failed;
  return { ...(en === undefined ? {} : { en: en.trim() }), ...(zh === undefined ? {} : { zh: zh.trim() }) };
}

/** Undefined when the rule has no such key. */
export function readMeta(reader: MapReader): RuleMeta | undefined {
  const nested = inner(reader, 'guardcell');
  if (nested === undefined) return undefined;
  checkKeys(nested, ['id', 'title', 'description', 'advice']);
  const id = readText(nested, 'id');
  const title = readTranslated(nested, 'title');
  const description = readTranslated(nested, 'description');
  const advice = readTranslated(nested, 'advice');
  reader.failed ||= nested.failed;
  return {
    ...(id === undefined ? {} : { id }),
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(advice === undefined ? {} : { advice }),
  };
}
