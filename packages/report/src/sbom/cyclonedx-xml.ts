// Gives CycloneDX XML the shape of CycloneDX JSON, as far as we read it.
import type { Untyped } from '@guardcell/core';
import type { XmlTree } from './xml-reader.ts';

function child(element: XmlTree | undefined, name: string): XmlTree | undefined {
  return element?.children.find((inner) => inner.name === name);
}

function children(element: XmlTree | undefined, name: string): readonly XmlTree[] {
  return element?.children.filter((inner) => inner.name === name) ?? [];
}

function textOf(element: XmlTree | undefined, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}

function licenseJson(element: XmlTree): Untyped {
  if (element.name === 'expression') return { expression: element.text.trim() };
  return { license: { id: textOf(element, 'id'), name: textOf(element, 'name') } };
}

/** Nesting is bounded by the XML reader. */
function componentJson(element: XmlTree): Untyped {
  const occurrences = children(child(child(element, 'evidence'), 'occurrences'), 'occurrence');
  return {
    type: element.attributes.get('type') ?? '',
    group: textOf(element, 'group'),
    name: textOf(element, 'name'),
    version: textOf(element, 'version'),
    purl: textOf(element, 'purl'),
    licenses: (child(element, 'licenses')?.children ?? []).map(licenseJson),
    properties: children(child(element, 'properties'), 'property').map((property) => ({
      name: property.attributes.get('name') ?? '',
      value: property.text,
    })),
    evidence: {
      occurrences: occurrences.map((occurrence) => ({
        location: textOf(occurrence, 'location'),
        additionalContext: textOf(occurrence, 'additionalContext'),
      })),
    },
    components: children(child(element, 'components'), 'component').map(componentJson),
  };
}

/** `root` is a `bom` element; its namespace names the version. */
export function cyclonedxJsonOfXml(root: XmlTree): Untyped {
  const namespaces = [...root.attributes.values()];
  const version = namespaces
    .map((uri) => /\/bom\/(\d+\.\d+)$/.exec(uri)?.[1])
    .find((found) => found !== undefined);
  const described = child(child(root, 'metadata'), 'component');
  return {
    bomFormat: 'CycloneDX',
    specVersion: version ?? '',
    metadata: described === undefined ? {} : { component: componentJson(described) },
    components: children(child(root, 'components'), 'component').map(componentJson),
  };
}
