// What checks of images and systems look at, wherever it was read: plain data without secrets.

/** Settings of an image, and how it was built. */
export interface ImageSettings {
  /** As the user named it; empty for archives and digests, where no tag says which version is meant. */
  readonly reference: string;
  /** Empty means root. */
  readonly user: string;
  /** `NAME=value`. */
  readonly env: readonly string[];
  /** `22/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `["CMD", …]`, `["NONE"]`; undefined without one. */
  readonly healthcheck: readonly string[] | undefined;
  /** Oldest first. */
  readonly history: readonly { readonly createdBy: string; readonly emptyLayer: boolean }[];
  /** diffIDs, lowest first. */
  readonly layers: readonly string[];
  /** Bytes of all layers, uncompressed. */
  readonly size: number;
}

/** A file or folder whose bits or place stand out. */
export interface FileFact {
  readonly path: string;
  /** Permission, setuid, setgid and sticky bits. */
  readonly mode: number;
  readonly size: number;
  readonly isDirectory: boolean;
  /** Numbers of the capabilities that it may use; undefined where nobody could read them. */
  readonly capabilities?: readonly number[];
  readonly layer?: string;
}

/** How a password is kept. `elsewhere`: in /etc/shadow; `locked`: nobody can sign in with one. */
export type PasswordKind =
  | 'none'
  | 'locked'
  | 'elsewhere'
  | 'des'
  | 'md5'
  | 'nt'
  | 'blowfish'
  | 'sha256'
  | 'sha512'
  | 'yescrypt'
  | 'other';

export interface Account {
  readonly name: string;
  readonly line: number;
  /** Undefined in /etc/shadow. */
  readonly uid?: number;
  readonly password: PasswordKind;
  /** One that everybody tries first: the name itself, `admin`, `123456` … */
  readonly isTrivial: boolean;
  /** Set when that could not be told, or not to the end. */
  readonly untried?: UntriedPassword;
}

/** The hash is of a kind that is not known here, one try would take too much memory or time, or all tries together would. */
export type UntriedPassword = 'kind' | 'cost' | 'time';

/** /etc/passwd or /etc/shadow. */
export interface AccountFile {
  readonly path: string;
  readonly mode: number;
  readonly accounts: readonly Account[];
  readonly layer?: string;
}
