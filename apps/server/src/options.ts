// What the server is told at start, as JSON in GUARDCELL_SERVER_OPTIONS or after `--options`.
import { CodedError } from '@guardcell/kit';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const ServerOptionsSchema = Type.Object({
  /** Folder of everything that must survive a restart. Created with mode 0700. */
  dataDir: Type.String({ minLength: 1 }),
  host: Type.String({ minLength: 1 }),
  /** 0: any free port. */
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  /** Unix socket of the agent API; empty: `<dataDir>/agent.sock`. */
  agentSocket: Type.String(),
  /** Rules that come with the product; empty: none. */
  builtinRulesDir: Type.String(),
  /** Files or folders with more rules. */
  rulePaths: Type.Array(Type.String()),
  /** Files or folders with response rules. */
  responsePaths: Type.Array(Type.String()),
  /** Kubernetes audit events: logs to follow, and from where the webhook takes them (empty: from anywhere). */
  k8sAudit: Type.Optional(
    Type.Object({ logs: Type.Array(Type.String({ minLength: 1 })), clients: Type.Array(Type.String()) }),
  ),
  /** Packed vulnerability database that ships with the project; absent: none. */
  advisories: Type.Optional(Type.String()),
  /** Keys (PEM) that must have signed a fetched vulnerability database; none: any is taken. */
  databaseKeys: Type.Optional(Type.Array(Type.String())),
  /** Addresses in place of the feeds' public ones, `NAME=URL`; then only these feeds are fetched. */
  feedUrls: Type.Optional(Type.Array(Type.String())),
  /** The built console; empty or absent on disk: API only. */
  webRoot: Type.String(),
  version: Type.String(),
  /** True when `up` also starts an agent: ready only after it has the policy. */
  expectAgent: Type.Optional(Type.Boolean()),
  /** Address that users see when a TLS proxy stands in front; makes cookies `Secure`. */
  publicUrl: Type.Optional(Type.String()),
});
export type ServerOptions = Readonly<Type.Static<typeof ServerOptionsSchema>>;

const check = Compile(ServerOptionsSchema);

/** @throws CodedError GC_SERVER_OPTIONS when there are none or they are not what the supervisor writes. */
export function parseServerOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServerOptions {
  const at = argv.indexOf('--options');
  const text = at === -1 ? env['GUARDCELL_SERVER_OPTIONS'] : argv[at + 1];
  const hint = 'Start the server with `guardcell up`.';
  if (text === undefined || text === '') {
    throw new CodedError('GC_SERVER_OPTIONS', 'the server was started without its options', { hint });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CodedError('GC_SERVER_OPTIONS', 'the options are not JSON', { cause, hint });
  }
  if (check.Check(value)) return value;
  const [first] = check.Errors(value);
  throw new CodedError('GC_SERVER_OPTIONS', `the options are not valid: ${first?.message ?? ''}`, {
    at: first?.instancePath ?? '',
    hint,
  });
}
