// Which entries the command palette offers for what was typed. Pure.

export interface PaletteItem {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  /** Searched too, not shown. */
  readonly keywords?: string;
  readonly note?: string;
}

const MAX_PER_GROUP = 6;

/** How well a text fits: 0 begins with it, 1 a word does, 2 it occurs, undefined not at all. */
export function rankMatch(text: string, needle: string): number | undefined {
  const at = text.indexOf(needle);
  if (at < 0) return undefined;
  if (at === 0) return 0;
  return /[\s/:._-]/.test(text[at - 1] ?? '') ? 1 : 2;
}

/** Best matches first within each group; groups keep their order. Empty text offers everything up to the cap. */
export function matchItems<Item extends PaletteItem>(items: readonly Item[], typed: string): Item[] {
  const needle = typed.trim().toLowerCase();
  const groups = new Map<string, { readonly item: Item; readonly rank: number }[]>();
  for (const item of items) {
    const rank =
      needle === ''
        ? 0
        : (rankMatch(item.label.toLowerCase(), needle) ??
          rankMatch((item.keywords ?? '').toLowerCase(), needle));
    const group = groups.get(item.group) ?? [];
    if (rank !== undefined) group.push({ item, rank });
    groups.set(item.group, group);
  }
  return [...groups.values()].flatMap((group) =>
    group
      .sort((a, b) => a.rank - b.rank)
      .slice(0, MAX_PER_GROUP)
      .map((entry) => entry.item),
  );
}
