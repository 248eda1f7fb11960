// Looks for secrets in the same pass that looks for packages.
import { hash } from 'node:crypto';
import type { SecretFinding } from '@guardcell/core';
import type { Analyzer, FileEntry, FoundFragment } from '@guardcell/image';
import { scanContent } from '@guardcell/secrets';
import type { ScanSecretScanner } from './secret-scanner.ts';

export const SECRETS_MAX_BYTES = 10 * 2 ** 20;
/** Where packages of the system lie: what is secret in there is known to everybody. */
const SYSTEM = /^\/(?:usr\/)?(?:bin|sbin|lib|lib32|lib64|libx32|libexec|include|share|games)\//;
const SYSTEM_STATE = /^\/var\/(?:lib\/(?:dpkg|apt|rpm|apk|pacman|swcatalog|app-info)|cache)\//;
const INSTALLED =
  /\/(?:node_modules|lib\/python\d[\d.]*|site-packages|dist-packages|\.git|_cacache\/content-v2|\.bun\/install\/cache|\.rustup\/toolchains|\.cargo\/registry|go\/pkg\/mod)\//;
/** Content that is no text, by its name: saves reading it. */
const BINARY =
  /\.(?:so(?:\.[\d.]+)?|a|o|pyc|class|jar|war|ear|whl|gem|png|jpe?g|gif|ico|webp|woff2?|ttf|otf|eot|gz|xz|bz2|zst|zip|7z|tar|rpm|deb|apk|mo|mp[34]|mkv|pdf|wasm|node|exe|dll|db|sqlite3?)$/i;

/** Where packages of the system bring settings. */
const SETTINGS = /^\/etc\//;
/** Kinds that belong on a host, in files that nobody but their owner reads. */
const KEY_RULES = /^(?:private-key|jwk-private$|wireguard-key$)/;
/** Permission bits of group and others. */
const OTHERS = 0o077;
const IN_ITS_PLACE = {
  by: 'built-in',
  reason: 'Only its owner can read the file: a key of this host in its place.',
} as const;

const SHADOW = /^\/etc\/(?:g?shadow-?|security\/opasswd)$/;
const STRANGERS = 0o007;
const KEPT_HERE = {
  by: 'built-in',
  reason: 'Others cannot read the file: passwords of this host are kept here.',
} as const;

/** Why a secret of a host is none that leaked. */
function inItsPlace(rule: string, path: string, mode: number): SecretFinding['suppressed'] {
  if ((mode & OTHERS) === 0 && KEY_RULES.test(rule)) return IN_ITS_PLACE;
  if ((mode & STRANGERS) === 0 && SHADOW.test(path) && rule.startsWith('password-hash-')) return KEPT_HERE;
  return undefined;
}

interface Found {
  readonly findings: readonly Omit<SecretFinding, 'path' | 'layer'>[];
  /** Of the file, in all kinds by which packages name the settings that they brought. */
  readonly digests?: readonly string[];
}

export interface SecretsAnalyzerOptions {
  /** Of trees that people write: folders named like those of a system are theirs. */
  readonly isProject: boolean;
  /** Of a running host, where keys belong. */
  readonly isHost?: boolean;
  readonly secrets: ScanSecretScanner;
  /** Told each finding with the secret itself; nothing of it is kept. */
  readonly onSecret?: OnSecret;
}

export type OnSecret = (finding: SecretFinding, secret: Uint8Array) => void;

/** An analyzer for `ScanOptions.analyzers`; its version is part of the key under which layers are kept. */
export function secretsAnalyzer({
  isProject,
  isHost = false,
  secrets,
  onSecret,
}: SecretsAnalyzerOptions): Analyzer {
  const { scanner, revision } = secrets;
  const id = isProject ? 'secrets-project' : isHost ? 'secrets-host' : 'secrets';
  const analyzer: Analyzer<Found> = {
    id: revision === '' ? id : `${id}-${revision}`,
    version: 6,
    maxBytes: SECRETS_MAX_BYTES,
    wants: (entry) => isSecretCandidate(entry, isProject),
    analyze({ path, bytes, mode }) {
      const { findings, dropped } = scanContent(path, bytes, {
        scanner,
        ...(onSecret === undefined ? {} : { onFinding: onSecret }),
      });
      if (findings.length === 0) return undefined;
      const told = findings.map(({ path: _path, layer: _layer, ...rest }) => {
        const suppressed = rest.suppressed ?? (isHost ? inItsPlace(rest.rule, path, mode) : undefined);
        return suppressed === undefined ? rest : { ...rest, suppressed };
      });
      const value = { findings: told, ...(SETTINGS.test(path) ? { digests: digestsOf(bytes) } : {}) };
      return dropped === 0 ? { value } : { value, incomplete: `${dropped} more secrets are not listed` };
    },
    keepsHidden: true,
    assemble: (found) => ({
      packages: [],
      secrets: secretsOf(found),
      digests: new Map(
        // Of two files of one path the one that is seen comes last, and counts.
        [...found.filter(isHiddenOne), ...found.filter((one) => !isHiddenOne(one))].flatMap(
          ({ location, value }) =>
            value.digests === undefined ? [] : [[location.path, value.digests] as const],
        ),
      ),
    }),
  };
  return analyzer as Analyzer;
}

function isHiddenOne({ isHidden }: FoundFragment<Found>): boolean {
  return isHidden === true;
}

/** Files that people see first; of what a layer above hides, the secrets that its successor does not hold any more. */
function secretsOf(found: readonly FoundFragment<Found>[]): readonly SecretFinding[] {
  const seen = new Set<string>();
  const secrets: SecretFinding[] = [];
  const hiddenLast = [...found.filter((one) => !isHiddenOne(one)), ...found.filter(isHiddenOne)];
  for (const one of hiddenLast) {
    for (const finding of one.value.findings) {
      const key = JSON.stringify([one.location.path, finding.rule, finding.excerpt]);
      if (isHiddenOne(one) && seen.has(key)) continue;
      seen.add(key);
      secrets.push({ ...finding, ...one.location, ...(isHiddenOne(one) ? { removed: true } : {}) });
    }
  }
  return secrets;
}

/** dpkg keeps MD5, apk SHA-1 or a part of SHA-256, rpm SHA-256. */
function digestsOf(bytes: Uint8Array): readonly string[] {
  const sha256 = hash('sha256', bytes);
  return [
    `md5:${hash('md5', bytes)}`,
    `sha1:${hash('sha1', bytes)}`,
    `sha256-160:${sha256.slice(0, 40)}`,
    `sha256:${sha256}`,
  ];
}

/** Whether a file may hold secrets of somebody, by name and size alone. */
export function isSecretCandidate(
  { path, size }: Pick<FileEntry, 'path' | 'size'>,
  isProject: boolean,
): boolean {
  if (size === 0 || size > SECRETS_MAX_BYTES || INSTALLED.test(path) || BINARY.test(path)) return false;
  return isProject || !(SYSTEM.test(path) || SYSTEM_STATE.test(path));
}
