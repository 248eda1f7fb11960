// A YAML tree as JSON values, for documents that events carry: plain scalars get their type, quoted ones stay text.
import type { YamlNode, YamlScalar } from '../loader/yaml-tree.ts';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Numbers, booleans and null as YAML 1.2's core schema reads them. Keys that occur twice: the last one counts. */
export function jsonOf(node: YamlNode): JsonValue {
  switch (node.kind) {
    case 'scalar':
      return scalarOf(node);
    case 'sequence':
      return node.items.map(jsonOf);
    case 'map':
      // Not a plain object literal: `__proto__` is a key like any other.
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, jsonOf(value)]));
  }
}

function scalarOf({ text, plain }: YamlScalar): JsonValue {
  if (!plain) return text;
  if (/^(?:null|Null|NULL|~|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?(?:\d+|\d*\.\d+|\d+\.)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  return text;
}
