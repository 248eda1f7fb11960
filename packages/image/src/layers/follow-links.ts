// Reads layers or a tree, and once more where a link has moved what belongs at a fixed place: most artifacts are read once.
import type { Analyzer, FoundFragment } from '../analyzer.ts';
import type { FileProblem } from './dispatch.ts';
import {
  linkReader,
  nameAtPlace,
  type Relocation,
  realPath,
  relocated,
  relocationsOf,
  stepsTo,
} from './fixed-places.ts';
import type { MergedFindings } from './merge-layers.ts';

/** One pass. `within`: what lies elsewhere need not be looked at; undefined in the first pass. */
export type Pass = (
  analyzers: readonly Analyzer[],
  within: readonly string[] | undefined,
) => Promise<MergedFindings>;

/** A link that leads to a link that leads to a link … */
const MAX_PASSES = 6;

interface Moved {
  readonly analyzer: Analyzer;
  readonly relocations: readonly Relocation[];
  readonly reader: Analyzer;
}

/** Reads with all analyzers. `order`: diffIDs of the layers, lowest first. @throws what `pass` throws. */
export async function readFollowingLinks(
  analyzers: readonly Analyzer[],
  order: readonly string[],
  pass: Pass,
): Promise<MergedFindings> {
  const placed = analyzers.filter(({ places }) => places !== undefined);
  const watched = new Set(placed.flatMap(({ places = [] }) => places.flatMap(stepsTo)));
  const links = new Map<string, string>();
  let reader = linkReader(watched);
  const first = await pass(placed.length === 0 ? analyzers : [...analyzers, reader], undefined);
  const found = new Map(first.found);
  const problems = [...first.problems];
  takeLinks(first, reader, links);
  const seen = new Set<string>();
  for (let passes = 1; ; passes += 1) {
    const moved = placed.flatMap((analyzer) => movedNow(analyzer, links, seen));
    if (moved.length === 0) break;
    if (passes === MAX_PASSES) {
      problems.push(...moved.flatMap(tooFar));
      break;
    }
    const within = moved.flatMap(({ relocations }) => relocations.map(({ real }) => real));
    const fresh = within.flatMap(stepsTo).filter((step) => !watched.has(step));
    for (const step of fresh) watched.add(step);
    reader = linkReader(fresh);
    const again = await pass([...moved.map((one) => one.reader), reader], within);
    takeLinks(again, reader, links);
    for (const one of moved) addMoved(found, again, one);
    addProblems(problems, again.problems, moved);
  }
  for (const { id } of placed) {
    const list = found.get(id);
    if (list !== undefined && links.size > 0) found.set(id, topmost(list, links, order));
  }
  return { found, problems };
}

function takeLinks({ found }: MergedFindings, reader: Analyzer, links: Map<string, string>): void {
  for (const { location, value } of found.get(reader.id) ?? []) links.set(location.path, String(value));
}

/** What is to be read in another pass, once. */
function movedNow(analyzer: Analyzer, links: ReadonlyMap<string, string>, seen: Set<string>): Moved[] {
  const relocations = relocationsOf(analyzer, links).filter(({ place, real }) => {
    const key = JSON.stringify([analyzer.id, place, real]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  if (relocations.length === 0) return [];
  return [{ analyzer, relocations, reader: relocated(analyzer, relocations) }];
}

function tooFar({ analyzer: { id }, relocations }: Moved): readonly FileProblem[] {
  const message = `${id}: links lead on more often than they are followed`;
  return relocations.map(({ place }) => ({ path: place, message }));
}

/** What was found elsewhere counts as found at the place. */
function addMoved(
  found: Map<string, readonly FoundFragment[]>,
  again: MergedFindings,
  { analyzer: { id }, relocations, reader }: Moved,
): void {
  const more = (again.found.get(reader.id) ?? []).map(({ location, value }) => ({
    location: { ...location, path: nameAtPlace(location.path, relocations) ?? location.path },
    value,
  }));
  if (more.length > 0) found.set(id, [...(found.get(id) ?? []), ...more]);
}

/** Those of the first pass are not told twice. */
function addProblems(problems: FileProblem[], more: readonly FileProblem[], moved: readonly Moved[]): void {
  const told = new Set(problems.map(({ path, message }) => `${path}\n${message}`));
  for (const problem of more) {
    const of = moved.find(({ reader }) => problem.message.startsWith(`${reader.id}: `));
    const message =
      of === undefined ? problem.message : of.analyzer.id + problem.message.slice(of.reader.id.length);
    if (!told.has(`${problem.path}\n${message}`)) problems.push({ ...problem, message });
  }
}

/** One file under two names, because a higher layer wrote it through a link of a lower one: the higher counts. */
function topmost(
  found: readonly FoundFragment[],
  links: ReadonlyMap<string, string>,
  order: readonly string[],
): readonly FoundFragment[] {
  const rank = new Map(order.map((diffId, i) => [diffId, i]));
  const rankOf = ({ location }: FoundFragment): number => rank.get(location.layer ?? '') ?? 0;
  const highest = new Map<string, number>();
  const ranked = found.map((one) => {
    const real = realPath(one.location.path, links) ?? one.location.path;
    highest.set(real, Math.max(highest.get(real) ?? 0, rankOf(one)));
    return { one, real };
  });
  return ranked.filter(({ one, real }) => rankOf(one) === highest.get(real)).map(({ one }) => one);
}
