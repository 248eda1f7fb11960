// How a registry is spoken to.

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

export interface RegistryTls {
  /** PEM; trusted besides the system's authorities. */
  readonly caFile?: string;
  /** PEM, both or none. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Any certificate is taken. Whoever sits between may then change everything but digests. */
  readonly insecureSkipVerify?: boolean;
}

export interface RegistryOptions {
  /** Without them docker's configuration is asked. Passwords come from a file or standard input, never from argv. */
  readonly credentials?: RegistryCredentials;
  /** A bearer token that is used as it is. */
  readonly token?: string;
  /** Configuration of docker or podman with credentials; without it the usual places. */
  readonly authFile?: string;
  readonly tls?: RegistryTls;
  /** HTTP without TLS; for loopback registries alone, unless `plainHttpAnywhere` says otherwise. */
  readonly plainHttp?: boolean;
  readonly plainHttpAnywhere?: boolean;
  /** Asked of every IP address before it is connected to: of the registry, of redirects, of token services; not behind a proxy. */
  readonly mayConnect?: (address: string) => boolean;
  /** Until the first byte of an answer, and between two pieces of it; ms, 30 000. */
  readonly timeoutMs?: number;
  /** Times that a request is made again after a failure that may pass; 4. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
  /** HTTPS_PROXY, NO_PROXY, DOCKER_CONFIG …; without it those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Waits between attempts; for tests. */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}
