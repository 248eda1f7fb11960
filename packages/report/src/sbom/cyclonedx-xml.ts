// Gives CycloneDX XML the shape of CycloneDX JSON, as far as we read it.
import { childrenOf, elementAt, textAt, type Untyped, type XmlElement } from '@guardcell/core';

function licenseJson(element: XmlElement): Untyped {
  if (element.name === 'expression') return { expression: element.text.trim() };
  return { license: { id: textAt(element, 'id'), name: textAt(element, 'name') } };
}

/** Nesting is bounded by the XML reader. */
function componentJson(element: XmlElement): Untyped {
  const occurrences = childrenOf(elementAt(element, 'evidence', 'occurrences'), 'occurrence');
  return {
    type: element.attributes.get('type') ?? '',
    group: textAt(element, 'group'),
    name: textAt(element, 'name'),
    version: textAt(element, 'version'),
    purl: textAt(element, 'purl'),
    licenses: (elementAt(element, 'licenses')?.children ?? []).map(licenseJson),
    properties: childrenOf(elementAt(element, 'properties'), 'property').map((property) => ({
      name: property.attributes.get('name') ?? '',
      value: property.text,
    })),
    evidence: {
      occurrences: occurrences.map((occurrence) => ({
        location: textAt(occurrence, 'location'),
        additionalContext: textAt(occurrence, 'additionalContext'),
      })),
    },
    components: childrenOf(elementAt(element, 'components'), 'component').map(componentJson),
  };
}

/** `root` is a `bom` element; its namespace names the version. */
export function cyclonedxJsonOfXml(root: XmlElement): Untyped {
  const namespaces = [...root.attributes.values()];
  const version = namespaces
    .map((uri) => /\/bom\/(\d+\.\d+)$/.exec(uri)?.[1])
    .find((found) => found !== undefined);
  const described = elementAt(root, 'metadata', 'component');
  return {
    bomFormat: 'CycloneDX',
    specVersion: version ?? '',
    metadata: described === undefined ? {} : { component: componentJson(described) },
    components: childrenOf(elementAt(root, 'components'), 'component').map(componentJson),
  };
}
