// Writes docs/reference/official-rules.md and its Chinese twin from the live attacks; with `--check` compares instead.
import { INCUBATING_ATTACKS } from '../tests/e2e/attacks/incubating.ts';
import { SANDBOX_ATTACKS } from '../tests/e2e/attacks/sandbox.ts';
import { STABLE_ATTACKS } from '../tests/e2e/attacks/stable.ts';
import { type OfficialPart, officialRulesPage } from './official-rules-docs.ts';
import { writePages } from './write-pages.ts';

const PARTS: readonly OfficialPart[] = [
  { name: 'stable', file: 'falco_rules.yaml', attacks: STABLE_ATTACKS },
  { name: 'incubating', file: 'falco-incubating_rules.yaml', attacks: INCUBATING_ATTACKS },
  { name: 'sandbox', file: 'falco-sandbox_rules.yaml', attacks: SANDBOX_ATTACKS },
];

writePages('generate-official-rules-docs.ts', [
  { file: 'docs/reference/official-rules.md', wanted: officialRulesPage(PARTS, 'en') },
  { file: 'docs/zh/reference/official-rules.md', wanted: officialRulesPage(PARTS, 'zh') },
]);
