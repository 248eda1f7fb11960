// One vulnerability has many ids; findings carry the best known one and the others as aliases.

/** CVE before GHSA before what a language or distribution calls it; within a kind, by text. */
function idRank(id: string): number {
  if (id.startsWith('CVE-')) return 0;
  return id.startsWith('GHSA-') ? 1 : 2;
}

export function bestId(ids: readonly string[]): string {
  return ids.reduce((best, id) => {
    const difference = idRank(id) - idRank(best);
    return difference < 0 || (difference === 0 && id < best) ? id : best;
  });
}
