// Live attacks on the incubating official rules.
import { INCUBATING_ATTACKS } from './incubating.ts';
import { officialSuite } from './official-suite.ts';

await officialSuite('incubating', 'falco-incubating_rules.yaml', INCUBATING_ATTACKS);
