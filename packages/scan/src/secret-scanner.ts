// Rules and allowances for secrets of one scan: the same for files, for the settings of images and for history.
import { createHash } from 'node:crypto';
import { createSecretScanner, DEFAULT_SETTINGS, type SecretScanner, settingsText } from '@guardcell/secrets';
import type { ScanOptions } from './scan-target.ts';

export interface ScanSecretScanner {
  readonly scanner: SecretScanner;
  /** Other settings, another revision; empty for the built-in rules alone. Part of the key under which layers are kept. */
  readonly revision: string;
}

/** Compiles rules; allowances that have ended are left out, so that what is kept under the revision stays true. */
export function secretScannerFor({ secretSettings, nowMs }: ScanOptions): ScanSecretScanner {
  if (secretSettings === undefined) return { scanner: createSecretScanner(), revision: '' };
  const today = new Date(nowMs?.() ?? Date.now()).toISOString().slice(0, 10);
  const allow = secretSettings.allow.filter(({ until }) => until === '' || until >= today);
  const settings = { ...secretSettings, allow };
  const text = settingsText(settings);
  const isPlain = text === settingsText(DEFAULT_SETTINGS);
  return {
    scanner: createSecretScanner(settings),
    revision: isPlain ? '' : createHash('sha256').update(text).digest('hex').slice(0, 16),
  };
}
