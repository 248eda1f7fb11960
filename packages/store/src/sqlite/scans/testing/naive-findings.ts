// The model: every finding of every artifact in one flat list, every question a plain loop over it.
import type {
  VulnerabilityFacets,
  VulnerabilityFilter,
  VulnerabilityGroup,
  VulnerablePackage,
  VulnerableWorkload,
} from '@guardcell/contract';
import { IN_USE, SEVERITIES, type SoftwarePackage, type VulnerabilityFinding } from '@guardcell/core';
import { globMatches } from '@guardcell/vuln';
import type { ApprovedAcceptance, RunningContainer, VulnerabilitySort } from '../../../scan-ports.ts';

export interface NaiveArtifact {
  readonly id: string;
  readonly imageId: string;
  readonly reference: string;
  readonly registry: string;
  packages: readonly SoftwarePackage[];
  findings: readonly { readonly finding: VulnerabilityFinding; readonly firstSeenMs: number }[];
  matched: boolean;
}

export interface Flat {
  readonly artifact: NaiveArtifact;
  readonly finding: VulnerabilityFinding;
  readonly firstSeenMs: number;
  /** Id of the acceptance, `report` when the report silences it itself, empty when nothing does. */
  readonly silencedBy: string;
  readonly running: number;
}

export interface NaiveState {
  readonly artifacts: Map<string, NaiveArtifact>;
  running: readonly RunningContainer[];
  acceptances: readonly ApprovedAcceptance[];
  nowMs: number;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function silencedBy(state: NaiveState, artifact: NaiveArtifact, finding: VulnerabilityFinding): string {
  const covering = state.acceptances
    .filter(({ until }) => Date.parse(until) > state.nowMs)
    .filter(({ scope }) => [finding.id, ...finding.aliases].includes(scope.vulnerability))
    .filter(({ scope }) => scope.package === '' || scope.package === finding.packageName)
    .filter(({ scope }) => scope.artifact === '' || [artifact.id, artifact.imageId].includes(scope.artifact))
    .filter(
      ({ scope }) =>
        scope.image === '' || globMatches(scope.image, artifact.reference.replace(/:[^/]*$/, '')),
    )
    .map(({ id }) => id)
    .sort();
  if (covering[0] !== undefined) return covering[0];
  if (finding.suppressed === undefined) return '';
  const { until } = finding.suppressed;
  const today = new Date(state.nowMs).toISOString().slice(0, 10);
  return until === undefined || today <= until ? 'report' : '';
}

export function runningOf(state: NaiveState, artifact: NaiveArtifact): RunningContainer[] {
  return state.running.filter(
    ({ imageId, manifestDigest }) => imageId === artifact.imageId || manifestDigest === artifact.id,
  );
}

function flatten(state: NaiveState): Flat[] {
  return [...state.artifacts.values()].flatMap((artifact) => {
    const running = runningOf(state, artifact).length;
    return artifact.findings.map(({ finding, firstSeenMs }) => ({
      artifact,
      finding,
      firstSeenMs,
      silencedBy: silencedBy(state, artifact, finding),
      running,
    }));
  });
}

const exploited = ({ finding }: Flat): boolean => finding.factors.some(({ name }) => name === 'kev');
function exposed(state: NaiveState, artifact: NaiveArtifact): boolean {
  const levels = runningOf(state, artifact).map(({ exposure }) => exposure.level);
  return levels.some((level) => ['internet', 'published', 'host-network'].includes(level));
}
const typeOf = ({ finding }: Flat): string => /^pkg:(\w+)/.exec(finding.package)?.[1] ?? '';

/** Whether a finding counts; `without` leaves that one condition out, as facets do. */
function counts(
  state: NaiveState,
  flat: Flat,
  filter: VulnerabilityFilter,
  without?: keyof VulnerabilityFilter,
): boolean {
  const { artifact, finding } = flat;
  const wants = { ...filter };
  if (without !== undefined) delete wants[without];
  const any = <T>(list: readonly T[] | undefined, value: T): boolean =>
    list === undefined || list.length === 0 || list.includes(value);
  const word = wants.q?.trim().toLowerCase() ?? '';
  const words = [finding.id, ...finding.aliases, finding.packageName, artifact.id, artifact.reference];
  return (
    (flat.silencedBy !== '') === (wants.accepted ?? false) &&
    any(wants.severity, finding.severity) &&
    any(wants.status, finding.status) &&
    any(wants.inUse, finding.inUse) &&
    any<string>(wants.type, typeOf(flat)) &&
    any(wants.kind, 'image') &&
    (wants.fixable === undefined || wants.fixable === (finding.fixed !== '')) &&
    (wants.exploited === undefined || wants.exploited === exploited(flat)) &&
    (wants.artifact === undefined ||
      [artifact.id, artifact.imageId, artifact.reference].includes(wants.artifact)) &&
    (wants.package === undefined || wants.package === finding.packageName) &&
    (wants.registry === undefined || wants.registry === artifact.registry) &&
    (wants.exposed === undefined || wants.exposed === exposed(state, artifact)) &&
    (wants.running === undefined || wants.running === flat.running > 0) &&
    (wants.container === undefined || runningOf(state, artifact).some(({ id }) => id === wants.container)) &&
    (word === '' || words.some((text) => text.toLowerCase().includes(word)))
  );
}

export function matching(state: NaiveState, filter: VulnerabilityFilter): Flat[] {
  return flatten(state).filter((flat) => counts(state, flat, filter));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const max = (values: readonly number[]): number => Math.max(...values);
const artifactsIn = (flats: readonly Flat[]): Flat[] =>
  [...groupBy(flats, ({ artifact }) => artifact.id).values()].map(([first]) => first);
const runningIn = (flats: readonly Flat[]): number =>
  artifactsIn(flats).reduce((sum, { running }) => sum + running, 0);
const strongest = <T>(order: readonly T[], values: readonly T[]): T =>
  order.find((value) => values.includes(value)) as T;

function frequent(values: readonly string[]): string[] {
  return [...groupBy(values, (value) => value)]
    .sort((a, b) => b[1].length - a[1].length || compareText(a[0], b[0]))
    .map(([value]) => value);
}

export function naiveGroups(
  state: NaiveState,
  filter: VulnerabilityFilter,
  sort: VulnerabilitySort,
): VulnerabilityGroup[] {
  const groups = [...groupBy(matching(state, filter), ({ finding }) => finding.id)].map(
    ([id, flats]): VulnerabilityGroup => {
      const names = frequent(flats.map(({ finding }) => finding.packageName));
      const { aliases, summary } = flats[0].finding;
      return {
        id,
        aliases: [...aliases],
        summary,
        severity: strongest(
          SEVERITIES,
          flats.map(({ finding }) => finding.severity),
        ),
        cvss: max(flats.map(({ finding }) => finding.cvss)),
        score: max(flats.map(({ finding }) => finding.score)),
        epss: -1,
        exploited: flats.some(exploited),
        ransomware: false,
        fixable: flats.some(({ finding }) => finding.fixed !== ''),
        inUse: strongest(
          IN_USE,
          flats.map(({ finding }) => finding.inUse),
        ),
        packages: names.slice(0, 5),
        packageCount: names.length,
        artifacts: artifactsIn(flats).length,
        running: runningIn(flats),
        firstSeenAt: new Date(Math.min(...flats.map(({ firstSeenMs }) => firstSeenMs))).toISOString(),
      };
    },
  );
  const rank = (group: VulnerabilityGroup): number => SEVERITIES.indexOf(group.severity);
  const use = (group: VulnerabilityGroup): number => IN_USE.indexOf(group.inUse);
  const orders: Record<VulnerabilitySort, (a: VulnerabilityGroup, b: VulnerabilityGroup) => number> = {
    risk: (a, b) => b.score - a.score || rank(a) - rank(b) || use(a) - use(b),
    severity: (a, b) => rank(a) - rank(b) || b.score - a.score,
    artifacts: (a, b) => b.artifacts - a.artifacts || b.score - a.score,
    newest: (a, b) => compareText(b.firstSeenAt, a.firstSeenAt) || b.score - a.score,
    id: () => 0,
  };
  return groups.sort((a, b) => orders[sort](a, b) || compareText(a.id, b.id));
}

function severities(
  findings: readonly VulnerabilityFinding['severity'][],
): VulnerablePackage['vulnerabilities'] {
  const count = (severity: string): number => findings.filter((one) => one === severity).length;
  return {
    critical: count('critical'),
    high: count('high'),
    medium: count('medium'),
    low: count('low'),
    info: count('info'),
  };
}

export function naivePackages(state: NaiveState, filter: VulnerabilityFilter): VulnerablePackage[] {
  return [...groupBy(matching(state, filter), (flat) => `${typeOf(flat)} ${flat.finding.packageName}`)]
    .map(([, flats]): VulnerablePackage => {
      const byId = [...groupBy(flats, ({ finding }) => finding.id).values()];
      return {
        name: flats[0].finding.packageName,
        type: typeOf(flats[0]) as VulnerablePackage['type'],
        versions: frequent(flats.map(({ finding }) => finding.installed)).slice(0, 10),
        vulnerabilities: severities(
          byId.map((same) =>
            strongest(
              SEVERITIES,
              same.map(({ finding }) => finding.severity),
            ),
          ),
        ),
        score: max(flats.map(({ finding }) => finding.score)),
        fixable: byId.filter((same) => same.some(({ finding }) => finding.fixed !== '')).length,
        inUse: strongest(
          IN_USE,
          flats.map(({ finding }) => finding.inUse),
        ),
        artifacts: artifactsIn(flats).length,
        running: runningIn(flats),
      };
    })
    .sort((a, b) => compareText(`${a.type} ${a.name}`, `${b.type} ${b.name}`));
}

export function naiveWorkloads(state: NaiveState, filter: VulnerabilityFilter): VulnerableWorkload[] {
  return [...groupBy(matching(state, filter), ({ artifact }) => artifact.id).values()]
    .flatMap((flats) =>
      runningOf(state, flats[0].artifact)
        .filter(({ id }) => filter.container === undefined || filter.container === id)
        .filter(
          ({ exposure: { level } }) =>
            filter.exposed === undefined ||
            filter.exposed === ['internet', 'published', 'host-network'].includes(level),
        )
        .map(({ id, name, hostname, namespace, pod, image, exposure }) => ({
          container: id,
          name,
          hostname,
          namespace,
          pod,
          image,
          artifact: flats[0].artifact.id,
          vulnerabilities: severities(flats.map(({ finding }) => finding.severity)),
          exploited: flats.filter(exploited).length,
          inUse: flats.filter(({ finding }) => ['executed', 'loaded'].includes(finding.inUse)).length,
          fixable: flats.filter(({ finding }) => finding.fixed !== '').length,
          score: max(flats.map(({ finding }) => finding.score)),
          exposure: { ...exposure, ports: [...exposure.ports], endpoints: [...exposure.endpoints] },
        })),
    )
    .sort((a, b) => compareText(a.container, b.container));
}

/** `value count`, sorted. */
export function naiveFacets(
  state: NaiveState,
  filter: VulnerabilityFilter,
): Record<keyof VulnerabilityFacets, string[]> {
  const all = flatten(state);
  const facet = (condition: keyof VulnerabilityFacets, valueOf: (flat: Flat) => string): string[] =>
    [...groupBy(all.filter((flat) => counts(state, flat, filter, condition)).map(valueOf), (value) => value)]
      .map(([value, { length }]) => `${value} ${length}`)
      .sort();
  return {
    severity: facet('severity', ({ finding }) => finding.severity),
    status: facet('status', ({ finding }) => finding.status),
    inUse: facet('inUse', ({ finding }) => finding.inUse),
    type: facet('type', typeOf),
    kind: facet('kind', () => 'image'),
    fixable: facet('fixable', ({ finding }) => String(finding.fixed !== '')),
    exploited: facet('exploited', (flat) => String(exploited(flat))),
    exposed: facet('exposed', ({ artifact }) => String(exposed(state, artifact))),
    artifact: facet('artifact', ({ artifact }) => artifact.id),
    package: facet('package', ({ finding }) => finding.packageName),
  };
}
