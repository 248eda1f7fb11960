// The whole public surface: finding secrets in text.
export { type AllowRule, type CustomRule, DEFAULT_SETTINGS, type SecretSettings } from './custom-rule.ts';
export { type ReadSettings, readSecretSettings, type SettingsProblem } from './read-settings.ts';
export type { SecretRule } from './rule.ts';
export { BUILT_IN_RULES } from './rules/registry.ts';
export {
  createSecretScanner,
  type ScanOptions,
  type SecretScan,
  type SecretScanner,
  scanContent,
  scanText,
} from './scan-text.ts';
export { settingsText } from './settings-text.ts';
export { secretTitle } from './title-language.ts';
