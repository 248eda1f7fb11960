// Live attacks on the sandbox official rules.
import { officialSuite } from './official-suite.ts';
import { SANDBOX_ATTACKS } from './sandbox.ts';

await officialSuite('sandbox', 'falco-sandbox_rules.yaml', SANDBOX_ATTACKS);
