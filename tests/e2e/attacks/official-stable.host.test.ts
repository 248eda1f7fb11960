// Live attacks on the stable official rules.
import { officialSuite } from './official-suite.ts';
import { STABLE_ATTACKS } from './stable.ts';

await officialSuite('stable', 'falco_rules.yaml', STABLE_ATTACKS);
