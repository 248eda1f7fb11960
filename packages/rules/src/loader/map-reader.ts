// Typed reading of one map; each wrong value becomes a problem and makes the item unusable.
import { nearestName } from '@guardcell/core';
import type { OverrideMode } from './items.ts';
import type { ItemPart } from './problem-context.ts';
import { addError, addWarning, type Problems } from './problems.ts';
import type { Place, SourceText } from './source-text.ts';
import { sourceText } from './source-text.ts';
import { entryOf, type Position, type YamlMap, type YamlNode } from './yaml-tree.ts';

export interface MapReader {
  readonly map: YamlMap;
  readonly file: string;
  readonly content: string;
  readonly problems: Problems;
  readonly item: string;
  /** The item that is being read, for positions. */
  readonly within?: ItemPart | undefined;
  failed: boolean;
}

const TRUE = /^(?:y|yes|true|on)$/i;
const FALSE = /^(?:n|no|false|off)$/i;

/** `part` names the key that the position is about. */
export function placeOf(reader: Pick<MapReader, 'file' | 'within'>, at: Position, part?: string): Place {
  return {
    file: reader.file,
    line: at.line,
    column: at.column,
    offset: at.offset,
    item: reader.within,
    part: part === undefined ? undefined : { type: 'value for', name: part, at },
  };
}

export function fail(
  reader: MapReader,
  message: string,
  at: Position,
  hint = '',
  part: string | undefined = undefined,
): undefined {
  reader.failed = true;
  addError(reader.problems, 'LOAD_ERR_YAML_VALIDATE', message, placeOf(reader, at, part), reader.item, hint);
  return undefined;
}

function nodeOf(reader: MapReader, key: string): YamlNode | undefined {
  return entryOf(reader.map, key)?.value;
}

/** Where a key's value stands, else where the item stands. */
export function keyPlace(reader: MapReader, key: string): Place {
  const at = nodeOf(reader, key)?.at;
  return at === undefined ? placeOf(reader, reader.map.at) : placeOf(reader, at, key);
}

export function hasKey(reader: MapReader, key: string): boolean {
  return nodeOf(reader, key) !== undefined;
}

export function readText(reader: MapReader, key: string): string | undefined {
  const node = nodeOf(reader, key);
  if (node === undefined) return undefined;
  return node.kind === 'scalar' ? node.text : fail(reader, `'${key}' must be a text`, node.at, '', key);
}

/** `partType` says in positions what the text is. */
export function readSource(reader: MapReader, key: string, partType: string): SourceText | undefined {
  const node = nodeOf(reader, key);
  if (node === undefined) return undefined;
  if (node.kind !== 'scalar') return fail(reader, `'${key}' must be a text`, node.at, '', key);
  return sourceText(reader.file, reader.content, node, reader.within, partType);
}

export function readBoolean(reader: MapReader, key: string): boolean | undefined {
  const node = nodeOf(reader, key);
  if (node === undefined) return undefined;
  if (node.kind === 'scalar' && TRUE.test(node.text)) return true;
  if (node.kind === 'scalar' && FALSE.test(node.text)) return false;
  return fail(reader, `'${key}' must be true or false`, node.at, '', key);
}

export function readNumber(reader: MapReader, key: string): number | undefined {
  const node = nodeOf(reader, key);
  if (node === undefined) return undefined;
  if (node.kind === 'scalar' && /^\d{1,15}$/.test(node.text)) return Number(node.text);
  return fail(reader, `'${key}' must be a whole number`, node.at, '', key);
}

export function readTexts(reader: MapReader, key: string): readonly string[] | undefined {
  const node = nodeOf(reader, key);
  if (node === undefined) return undefined;
  return textsOf(reader, node, key);
}

export function textsOf(reader: MapReader, node: YamlNode, what: string): readonly string[] | undefined {
  if (node.kind === 'scalar' && node.text === '') return [];
  if (node.kind !== 'sequence') return fail(reader, `'${what}' must be a sequence`, node.at, '', what);
  const texts: string[] = [];
  for (const item of node.items) {
    if (item.kind !== 'scalar') return fail(reader, `'${what}' must hold texts only`, item.at, '', what);
    texts.push(item.text);
  }
  return texts;
}

const NO_OVERRIDES: ReadonlyMap<string, OverrideMode> = new Map();

/** Reads `override`; `appendable` and `replaceable` say which keys may be named. */
export function readOverride(
  reader: MapReader,
  appendable: readonly string[],
  replaceable: readonly string[],
): ReadonlyMap<string, OverrideMode> {
  const node = nodeOf(reader, 'override');
  if (node === undefined) return NO_OVERRIDES;
  if (node.kind !== 'map') {
    fail(reader, "'override' must be a map of keys to append or replace", node.at);
    return NO_OVERRIDES;
  }
  const modes = new Map<string, OverrideMode>();
  for (const { key, keyAt, value } of node.entries) {
    const mode = value.kind === 'scalar' ? value.text : '';
    if (mode !== 'append' && mode !== 'replace') {
      fail(reader, `Invalid override operation for key '${key}': must be append or replace`, value.at);
    } else if (!(mode === 'append' ? appendable : replaceable).includes(key)) {
      fail(reader, `Key '${key}' cannot be overridden with '${mode}'`, keyAt);
    } else if (!hasKey(reader, key)) {
      fail(reader, `An override for key '${key}' was specified but '${key}' is not defined`, keyAt);
    } else {
      modes.set(key, mode);
    }
  }
  for (const key of new Set([...appendable, ...replaceable])) {
    const entry = entryOf(reader.map, key);
    if (entry !== undefined && !entryOf(node, key)) {
      const message = `Unexpected key '${key}': no corresponding entry under 'override' is defined.`;
      fail(reader, message, entry.keyAt);
    }
  }
  return modes;
}

/** Warns of keys that mean nothing here and of keys given twice (the first counts). */
export function checkKeys(reader: MapReader, known: readonly string[]): void {
  const seen = new Set<string>();
  for (const { key, keyAt } of reader.map.entries) {
    const place = placeOf(reader, keyAt);
    if (!known.includes(key)) {
      const near = nearestName(key, known);
      const hint = near === undefined ? '' : `did you mean '${near}'?`;
      addWarning(
        reader.problems,
        'LOAD_UNKNOWN_KEY',
        `Unknown key '${key}', ignored`,
        place,
        reader.item,
        hint,
      );
    } else if (seen.has(key)) {
      const message = `Key '${key}' is given twice; the first one counts`;
      addWarning(reader.problems, 'LOAD_DUPLICATE_KEY', message, place, reader.item);
    }
    seen.add(key);
  }
}
