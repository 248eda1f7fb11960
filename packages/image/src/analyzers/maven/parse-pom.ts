// pom.xml: coordinates and direct dependencies, as far as the file alone says them.
// Parents and imported bills of material are other files, mostly not at hand: what needs them has no version here.
import { childrenOf, elementAt, readXml, textAt, type XmlElement } from '@guardcell/core';
import type { Coordinates } from '../jar/identify-jar.ts';

export interface PomDependency extends Coordinates {
  readonly scope: string;
}

export interface Pom {
  readonly self: Coordinates;
  readonly dependencies: readonly PomDependency[];
  readonly licenses: readonly string[];
}

/** Properties may name properties. */
const MAX_ROUNDS = 8;
const MAX_TEXT = 512;
/** Maven takes more than XML allows. */
const MANIFEST = { lenient: true, mostElements: 500_000 };

function resolver(properties: ReadonlyMap<string, string>): (text: string) => string {
  return (text) => {
    let resolved = text;
    for (let round = 0; round < MAX_ROUNDS && resolved.includes('${'); round++) {
      // Texts that grow beyond every name are made to grow.
      if (resolved.length > MAX_TEXT) return '';
      resolved = resolved.replace(/\$\{([^{}]{1,200})\}/g, (whole, name: string) => {
        const value = properties.get(name);
        // Long values are no part of a name or version; repeated, they would only fill memory.
        return value === undefined || value.length > MAX_TEXT ? whole : value;
      });
    }
    return resolved;
  };
}

function propertiesOf(project: XmlElement): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const property of elementAt(project, 'properties')?.children ?? [])
    properties.set(property.name, property.text.trim());
  const field = (name: string): string => textAt(project, name) || textAt(project, 'parent', name);
  for (const name of ['groupId', 'artifactId', 'version']) {
    properties.set(`project.${name}`, field(name));
    properties.set(`pom.${name}`, field(name));
    properties.set(`project.parent.${name}`, textAt(project, 'parent', name));
  }
  return properties;
}

/** Throws SyntaxError when it is no XML. */
export function parsePom(text: string): Pom {
  const project = readXml(text, MANIFEST);
  const properties = propertiesOf(project);
  const resolve = resolver(properties);
  const read = (element: XmlElement | undefined, name: string): string => resolve(textAt(element, name));
  const key = (element: XmlElement): string => `${read(element, 'groupId')}:${read(element, 'artifactId')}`;
  const managed = new Map(
    childrenOf(elementAt(project, 'dependencyManagement', 'dependencies'), 'dependency').map((d) => [
      key(d),
      d,
    ]),
  );
  return {
    self: {
      group: resolve(properties.get('project.groupId') ?? ''),
      artifact: resolve(properties.get('project.artifactId') ?? ''),
      version: resolve(properties.get('project.version') ?? ''),
    },
    licenses: childrenOf(elementAt(project, 'licenses'), 'license').map((license) => read(license, 'name')),
    dependencies: childrenOf(elementAt(project, 'dependencies'), 'dependency').map((dependency) => ({
      group: read(dependency, 'groupId'),
      artifact: read(dependency, 'artifactId'),
      version: read(dependency, 'version') || read(managed.get(key(dependency)), 'version'),
      scope: read(dependency, 'scope') || read(managed.get(key(dependency)), 'scope') || 'compile',
    })),
  };
}
