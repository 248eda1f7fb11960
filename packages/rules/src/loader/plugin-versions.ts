// required_plugin_versions: which plug-ins rules ask for, against those whose fields and events Guardcell has built in.

/** Versions that Guardcell answers for: the releases whose fields its own sources give. */
export const PLUGIN_VERSIONS: ReadonlyMap<string, string> = new Map([
  ['container', '0.7.1'],
  ['k8saudit', '0.18.0'],
  ['k8saudit-aks', '0.6.0'],
  ['k8saudit-eks', '0.12.0'],
  ['k8saudit-gke', '0.9.0'],
  ['k8saudit-ovh', '0.6.0'],
  ['json', '0.7.4'],
]);

export interface PluginRequirement {
  readonly name: string;
  readonly version: string;
}

type Version = readonly [number, number, number];

function parseVersion(text: string): Version | undefined {
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+].{0,100})?$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Same major version, and at least as new. */
function satisfies(have: Version, need: Version): boolean {
  if (have[0] !== need[0]) return false;
  return have[1] > need[1] || (have[1] === need[1] && have[2] >= need[2]);
}

/** Undefined when one of the alternatives is satisfied; else what is wrong. */
export function pluginProblem(
  alternatives: readonly PluginRequirement[],
  plugins: ReadonlyMap<string, string> = PLUGIN_VERSIONS,
): string | undefined {
  const names = new Set<string>();
  for (const { name, version } of alternatives) {
    if (parseVersion(version) === undefined)
      return `Invalid required version '${version}' for plugin '${name}'`;
    if (names.has(name)) return `Defined multiple alternative version requirements for plugin '${name}'`;
    names.add(name);
  }
  const reasons: string[] = [];
  for (const { name, version } of alternatives) {
    const have = plugins.get(name);
    const need = parseVersion(version);
    const known = have === undefined ? undefined : parseVersion(have);
    if (known !== undefined && need !== undefined && satisfies(known, need)) return undefined;
    reasons.push(
      have === undefined ? `there is no plugin '${name}'` : `plugin '${name}' has version ${have}`,
    );
  }
  const wanted = alternatives.map(({ name, version }) => `${name} ${version}`).join(' or ');
  return `Plugin requirement not satisfied: rules need ${wanted}, but ${reasons.join(', ')}`;
}
