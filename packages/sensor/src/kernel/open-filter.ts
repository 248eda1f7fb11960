// Which reads are worth reporting: path patterns turned into the two lookups that the kernel side can do cheaply.
import { NAME_KEY_SIZE, PATH_KEY_PATH, PATH_KEY_SIZE } from './layout.generated.ts';

/**
 * Paths whose opening for reading is reported in `security` mode, successful or not. A pattern is an absolute path;
 * `/**` at its end means everything below, `*` stands for any one component.
 */
export const DEFAULT_SENSITIVE_PATHS: readonly string[] = [
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/master.passwd',
  '/etc/sudoers',
  '/etc/sudoers.d/**',
  '/etc/pam.d/**',
  '/etc/pam.conf',
  '/etc/security/opasswd',
  '/etc/security/pwquality.conf',
  '/etc/ssl/private/**',
  '/etc/pki/tls/private/**',
  '/etc/ssh/**',
  '/etc/krb5.keytab',
  '/etc/kubernetes/**',
  '/var/lib/kubelet/**',
  '/var/lib/rancher/**',
  '/root/.ssh/**',
  '/home/*/.ssh/**',
  '/root/.aws/**',
  '/home/*/.aws/**',
  '/root/.kube/**',
  '/home/*/.kube/**',
  '/root/.docker/**',
  '/home/*/.docker/**',
  '/root/.gnupg/**',
  '/home/*/.gnupg/**',
  '/home/*/.azure/**',
  '/home/*/gcloud/**',
  '/home/*/.git-credentials',
  '/home/*/.netrc',
  '/home/*/.pgpass',
  '/home/*/.my.cnf',
  '/home/*/.bash_history',
  '/home/*/id_rsa',
  '/home/*/id_ed25519',
  '/home/*/id_ecdsa',
  '/home/*/credentials.json',
  '/proc/*/environ',
  '/proc/*/mem',
  '/proc/*/maps',
  '/proc/kcore',
  '/proc/kallsyms',
  '/proc/sysrq-trigger',
  '/proc/sys/kernel/core_pattern',
  '/run/secrets/**',
  '/var/run/secrets/**',
  '/run/docker.sock',
  '/run/containerd/**',
  '/var/lib/docker/**',
  '/dev/mem',
  '/dev/kmem',
  '/dev/port',
  '/dev/sda',
  '/dev/vda',
  '/dev/nvme0n1',
  '/boot/System.map',
];

/** Value in the kernel's name table: matches the file's own name, its directory's name, or both. */
const NAME_OF_FILE = 1;
const NAME_OF_DIRECTORY = 2;

/** Mirrors GC_SET_WORDS of bpf/events.h. */
const SET_BITS = 256;
const GOLDEN = 0x9e37_79b9_7f4a_7c15n;

/** A set of 64-bit words as the kernel side looks it up: one bit a word, so that some others seem to be in it. */
function bitSet(): { readonly bytes: Uint8Array; add(word: Uint8Array): void; addAll(): void } {
  const bytes = new Uint8Array(SET_BITS / 8);
  return {
    bytes,
    add: (word) => {
      const padded = new Uint8Array(8);
      padded.set(word.subarray(0, 8));
      const value = new DataView(padded.buffer).getBigUint64(0, true);
      const bit = Number(BigInt.asUintN(64, value * GOLDEN) >> 56n);
      bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) | (1 << (bit & 7));
    },
    addAll: () => void bytes.fill(255),
  };
}

export interface OpenFilter {
  /** Keys of the prefix trie. */
  readonly prefixes: readonly Uint8Array[];
  /** Keys and values of the name table. */
  readonly names: readonly { readonly key: Uint8Array; readonly value: number }[];
  /** Bit sets that rule most paths out early: first bytes of prefixes, first components of prefixes, names. */
  readonly maybeText: Uint8Array;
  readonly maybeTop: Uint8Array;
  readonly maybeName: Uint8Array;
  /** Patterns that cannot be expressed and were left out. */
  readonly refused: readonly string[];
}

function prefixKey(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'utf8');
  const room = PATH_KEY_SIZE - PATH_KEY_PATH;
  if (bytes.length === 0 || bytes.length > room) return undefined;
  const key = new Uint8Array(PATH_KEY_SIZE);
  new DataView(key.buffer).setUint32(0, bytes.length * 8, true);
  key.set(bytes, PATH_KEY_PATH);
  return key;
}

/**
 * Compiles patterns. A pattern without `*` in the middle is matched exactly. With one, the kernel matches the name of
 * the file (or for `/**` of its directory) wherever it lies, which lets a little more through than asked for.
 */
export function compileOpenFilter(patterns: Iterable<string>): OpenFilter {
  const prefixes = new Map<string, Uint8Array>();
  const names = new Map<string, number>();
  const refused: string[] = [];
  for (const pattern of patterns) {
    const isTree = pattern.endsWith('/**');
    const body = isTree ? pattern.slice(0, -3) : pattern;
    if (!pattern.startsWith('/') || body === '') {
      refused.push(pattern);
      continue;
    }
    if (!body.includes('*')) {
      const text = isTree ? `${body}/` : `${body}\0`;
      const key = prefixKey(text);
      if (key === undefined) refused.push(pattern);
      else prefixes.set(text, key);
      continue;
    }
    const name = body.slice(body.lastIndexOf('/') + 1);
    if (name === '' || name.includes('*') || Buffer.byteLength(name) >= NAME_KEY_SIZE) {
      const literal = body.slice(0, body.indexOf('*'));
      const key = literal.length > 1 ? prefixKey(literal) : undefined;
      if (key === undefined) refused.push(pattern);
      else prefixes.set(literal, key);
      continue;
    }
    names.set(name, (names.get(name) ?? 0) | (isTree ? NAME_OF_DIRECTORY : NAME_OF_FILE));
  }
  const maybeText = bitSet();
  const maybeTop = bitSet();
  for (const prefix of prefixes.keys()) {
    const bytes = Buffer.from(prefix, 'utf8');
    if (bytes.length < 8) maybeText.addAll();
    else maybeText.add(bytes);
    // without a slash or the NUL behind it, the first component may go on
    const end = bytes.findIndex((byte, index) => index > 0 && (byte === 0x2f || byte === 0));
    if (end < 0) maybeTop.addAll();
    else maybeTop.add(bytes.subarray(1, end));
  }
  const maybeName = bitSet();
  for (const name of names.keys()) maybeName.add(Buffer.from(name, 'utf8'));
  return {
    maybeText: maybeText.bytes,
    maybeTop: maybeTop.bytes,
    maybeName: maybeName.bytes,
    prefixes: [...prefixes.values()],
    names: [...names].map(([name, value]) => {
      const key = new Uint8Array(NAME_KEY_SIZE);
      key.set(Buffer.from(name, 'utf8'));
      return { key, value };
    }),
    refused,
  };
}
