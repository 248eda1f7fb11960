// The `required_plugin_versions` item: a sequence of plug-ins, each with a version and maybe alternatives.
import type { PluginVersionsItem } from './items.ts';
import { checkKeys, fail, type MapReader, placeOf, readText } from './map-reader.ts';
import type { PluginRequirement } from './plugin-versions.ts';
import { entryOf, type YamlMap, type YamlNode } from './yaml-tree.ts';

const KIND = 'required_plugin_versions';

/** Undefined (and reported) when it is not such a sequence. */
export function readPluginVersions(outer: MapReader): PluginVersionsItem | undefined {
  const reader: MapReader = {
    ...outer,
    item: KIND,
    within: { type: 'required plugin versions', name: '', at: outer.map.at },
  };
  checkKeys(reader, [KIND]);
  const node = entryOf(reader.map, KIND)?.value;
  if (node?.kind !== 'sequence') {
    return fail(reader, 'Value of required_plugin_versions must be a sequence', node?.at ?? reader.map.at);
  }
  const requirements = node.items.map((item) => readRequirement(reader, item));
  if (reader.failed) return undefined;
  return { kind: 'plugin-versions', requirements: requirements.filter((one) => one !== undefined) };
}

function readRequirement(
  reader: MapReader,
  node: YamlNode,
): PluginVersionsItem['requirements'][number] | undefined {
  if (node.kind !== 'map') return fail(reader, 'Plugin version must be a mapping', node.at);
  const main = readPair(reader, node, ['name', 'version', 'alternatives']);
  const others = entryOf(node, 'alternatives')?.value;
  if (others !== undefined && others.kind !== 'sequence') {
    return fail(reader, 'Value of plugin version alternatives must be a sequence', others.at);
  }
  const alternatives = (others?.items ?? []).map((other) =>
    other.kind === 'map'
      ? readPair(reader, other, ['name', 'version'])
      : fail(reader, 'Plugin version alternative must be a mapping', other.at),
  );
  const all = [main, ...alternatives].filter((one) => one !== undefined);
  return { alternatives: all, place: placeOf(reader, node.at) };
}

function readPair(reader: MapReader, map: YamlMap, keys: readonly string[]): PluginRequirement | undefined {
  const nested: MapReader = { ...reader, map };
  checkKeys(nested, keys);
  const name = readText(nested, 'name');
  const version = readText(nested, 'version');
  reader.failed ||= nested.failed;
  if (name === undefined || name === '') return fail(reader, "Item has no mapping for key 'name'", map.at);
  if (version === undefined) return fail(reader, "Item has no mapping for key 'version'", map.at);
  return { name, version };
}
