// Looks for secrets in the same pass that looks for packages.
import { hash } from 'node:crypto';
import type { SecretFinding } from '@guardcell/core';
import type { Analyzer, FileEntry, FoundFragment } from '@guardcell/image';
import { scanContent } from '@guardcell/secrets';
import { DIGEST_SESSION, secretDigest } from './secret-digest.ts';
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

type FoundSecret = Omit<SecretFinding, 'path' | 'layer'> & {
  /** Under a key that nobody keeps: what is in the cache lets nobody try guesses. */
  readonly digest: string;
};

interface Found {
  /** Whose key the digests were made with. */
  readonly session: string;
  readonly findings: readonly FoundSecret[];
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
    version: 7,
    maxBytes: SECRETS_MAX_BYTES,
    wants: (entry) => isSecretCandidate(entry, isProject),
    analyze({ path, bytes, mode }) {
      const told: FoundSecret[] = [];
      const { dropped } = scanContent(path, bytes, {
        scanner,
        onFinding(finding, secret) {
          onSecret?.(finding, secret);
          const { path: _path, layer: _layer, ...rest } = finding;
          const suppressed = rest.suppressed ?? (isHost ? inItsPlace(rest.rule, path, mode) : undefined);
          const digest = secretDigest(rest.rule, secret);
          told.push({ ...rest, ...(suppressed === undefined ? {} : { suppressed }), digest });
        },
      });
      if (told.length === 0) return undefined;
      const value: Found = {
        session: DIGEST_SESSION,
        findings: told,
        ...(SETTINGS.test(path) ? { digests: digestsOf(bytes) } : {}),
      };
      return dropped === 0 ? { value } : { value, incomplete: `${dropped} more secrets are not listed` };
    },
    keepsHidden: true,
    toReadAnew,
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

/**
 * Layers in which digests of other processes stand against each other: whether a file still holds the secret that it held
 * in a layer below, or another one of the same kind, cannot be told from them.
 */
function toReadAnew(found: readonly FoundFragment<Found>[]): ReadonlySet<string> {
  const layers = new Set<string>();
  const byPath = Map.groupBy(found, ({ location }) => location.path);
  for (const versions of byPath.values()) {
    if (!versions.some(isHiddenOne)) continue;
    const uses = versions.flatMap(({ location: { layer = '' }, value: { session, findings } }) =>
      [...new Set(findings.map(({ rule }) => rule))].map((rule) => ({ rule, session, layer })),
    );
    for (const ofRule of Map.groupBy(uses, ({ rule }) => rule).values()) {
      if (new Set(ofRule.map(({ session }) => session)).size === 1) continue;
      for (const { session, layer } of ofRule) if (session !== DIGEST_SESSION) layers.add(layer);
    }
  }
  return layers;
}

/** Files that people see first; of what a layer above hides, the secrets that its successor does not hold any more. */
function secretsOf(found: readonly FoundFragment<Found>[]): readonly SecretFinding[] {
  const seen = new Set<string>();
  const secrets: SecretFinding[] = [];
  const hiddenLast = [...found.filter((one) => !isHiddenOne(one)), ...found.filter(isHiddenOne)];
  for (const one of hiddenLast) {
    for (const { digest, ...finding } of one.value.findings) {
      const key = JSON.stringify([one.location.path, one.value.session, digest]);
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
