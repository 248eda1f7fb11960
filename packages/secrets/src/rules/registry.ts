// The one table of built-in rules. Earlier rules win where two find the same text.
import type { SecretRule } from '../rule.ts';
import { ARTIFICIAL_INTELLIGENCE_RULES } from './artificial-intelligence.ts';
import { CHINA_RULES } from './china.ts';
import { CLOUD_RULES } from './cloud.ts';
import { COMMERCE_RULES } from './commerce.ts';
import { CREDENTIAL_RULES } from './credentials.ts';
import { MESSAGING_RULES } from './messaging.ts';
import { MONITORING_RULES } from './monitoring.ts';
import { ONLINE_SERVICE_RULES } from './online-services.ts';
import { PRIVATE_KEY_RULES } from './private-keys.ts';
import { SOFTWARE_SUPPLY_RULES } from './software-supply.ts';
import { SOURCE_CONTROL_RULES } from './source-control.ts';

export const BUILT_IN_RULES: readonly SecretRule[] = [
  ...CLOUD_RULES,
  ...SOURCE_CONTROL_RULES,
  ...SOFTWARE_SUPPLY_RULES,
  ...ARTIFICIAL_INTELLIGENCE_RULES,
  ...CHINA_RULES,
  ...COMMERCE_RULES,
  ...MESSAGING_RULES,
  ...MONITORING_RULES,
  ...ONLINE_SERVICE_RULES,
  ...PRIVATE_KEY_RULES,
  ...CREDENTIAL_RULES,
];
