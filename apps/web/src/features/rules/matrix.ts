// The ATT&CK matrix over the rule library: tactics in the order of an attack, each with its techniques and what the
// rules make of them. Pure.
import type { RuleView } from '@guardcell/contract';
import { alertsOfWeek, isAbout } from './rules-search.ts';

export interface LocalName {
  readonly en: string;
  readonly zh: string;
}

export interface Technique {
  readonly id: string;
  readonly name: LocalName;
  /** Keys of tactics. */
  readonly tactics: readonly string[];
}

export interface Tactic {
  readonly id: string;
  readonly key: string;
  readonly name: LocalName;
}

export interface MatrixCell {
  readonly technique: Technique;
  /** In the containers matrix; others are there because a rule names them. */
  readonly isListed: boolean;
  readonly rules: number;
  readonly enabled: number;
  readonly alerts: number;
}

export interface MatrixColumn {
  readonly tactic: Tactic;
  readonly cells: readonly MatrixCell[];
  /** Techniques with a rule that is on. */
  readonly covered: number;
}

type Ruled = Pick<RuleView, 'mitre' | 'enabled' | 'alertsByDay'>;

/** `T1098.004` → `T1098`. */
export function parentTechnique(id: string): string {
  return id.split('.')[0] ?? id;
}

/**
 * One column for each tactic that has techniques. Sub-techniques count for their technique. Techniques that only rules
 * name are placed by `known`; one that nobody knows has no place and is left out.
 */
export function buildMatrix(
  rules: readonly Ruled[],
  tactics: readonly Tactic[],
  listed: readonly Technique[],
  known: readonly Technique[],
): readonly MatrixColumn[] {
  const names = new Map(listed.map((technique) => [technique.id, technique]));
  const extra = new Map<string, Technique>();
  for (const id of new Set(rules.flatMap((rule) => rule.mitre.map(parentTechnique)))) {
    if (names.has(id)) continue;
    const exact = known.find((technique) => technique.id === id);
    const family = known.filter((technique) => parentTechnique(technique.id) === id);
    const first = exact ?? family[0];
    if (first === undefined) continue;
    const name = exact?.name ?? {
      en: first.name.en.split(': ')[0] ?? id,
      zh: first.name.zh.split('：')[0] ?? id,
    };
    extra.set(id, { id, name, tactics: [...new Set(family.flatMap((technique) => technique.tactics))] });
  }
  return tactics
    .map((tactic) => {
      const cells = [...listed, ...extra.values()]
        .filter((technique) => technique.tactics.includes(tactic.key))
        .map((technique): MatrixCell => {
          const about = rules.filter((rule) => isAbout(rule.mitre, technique.id));
          return {
            technique,
            isListed: names.has(technique.id),
            rules: about.length,
            enabled: about.filter((rule) => rule.enabled).length,
            alerts: about.reduce((sum, rule) => sum + alertsOfWeek(rule), 0),
          };
        });
      return { tactic, cells, covered: cells.filter((cell) => cell.enabled > 0).length };
    })
    .filter((column) => column.cells.length > 0);
}

/** How deep the colour of a cell is: 0 without rules that are on, then 1, 2–3, 4–6, more. */
export function depthOf(enabled: number): 0 | 1 | 2 | 3 | 4 {
  if (enabled === 0) return 0;
  if (enabled === 1) return 1;
  if (enabled <= 3) return 2;
  return enabled <= 6 ? 3 : 4;
}
