// `guardcell keys list|create|revoke`: API keys for scripts and for the command line elsewhere.
import { type ApiKey, type ApiKeyCreated, KEY_ROLES } from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import { type Command, EXIT, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

const DEFAULT_DAYS = '90';

function keyRole(given: string): string {
  if ((KEY_ROLES as readonly string[]).includes(given)) return given;
  throw new CodedError('GC_USAGE', `there is no role '${given}'`, {
    hint: `One of: ${KEY_ROLES.join(', ')}.`,
  });
}

const COLUMNS: readonly Column<ApiKey>[] = [
  { title: 'ID', value: (key) => key.id },
  { title: 'NAME', value: (key) => key.name, max: 40 },
  { title: 'ROLE', value: (key) => key.role },
  { title: 'EXPIRES', value: (key) => key.expiresAt.slice(0, 10) },
  { title: 'LAST USED', value: (key) => key.lastUsedAt.slice(0, 16).replace('T', ' ') || 'never' },
];

export const keysList: Command = {
  name: 'keys list',
  summary: 'list API keys',
  usage: '',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell keys list'],
  async run(context) {
    const list = await connect(context).call<{ items: ApiKey[] }>('GET', '/api/v1/api-keys');
    print(context, list, list.items, COLUMNS);
    return EXIT.ok;
  },
};

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'create an API key; prints its token once',
  usage: 'NAME',
  options: {
    role: {
      type: 'string',
      value: 'ROLE',
      help: 'viewer (default), responder, admin, or audit-ingest for a Kubernetes API server',
    },
    days: { type: 'string', value: 'N', help: `days until it expires, 1 to 730 (default ${DEFAULT_DAYS})` },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: ['GUARDCELL_TOKEN=$(guardcell keys create ci --role viewer --days 30)'],
  async run(context) {
    const [name] = context.positionals;
    if (name === undefined) {
      throw new CodedError('GC_USAGE', 'what is the key for? give a name', {
        hint: 'guardcell keys create NAME',
      });
    }
    const days = text(context.options, 'days') ?? DEFAULT_DAYS;
    if (!/^\d{1,3}$/.test(days)) throw new CodedError('GC_USAGE', `'${days}' is not a number of days`);
    const body = {
      name,
      role: keyRole(text(context.options, 'role') ?? 'viewer'),
      expiresInDays: Number(days),
    };
    const made = await connect(context).call<ApiKeyCreated>('POST', '/api/v1/api-keys', { body });
    if (outputFormat(context) === 'table') {
      context.err(`Key ${made.key.id}, valid until ${made.key.expiresAt.slice(0, 10)}; shown only now:\n`);
      context.out(`${made.token}\n`);
    } else print(context, made, [made], []);
    return EXIT.ok;
  },
};

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'revoke an API key',
  usage: 'ID',
  options: PLATFORM_OPTIONS,
  examples: ['guardcell keys revoke 01kd3k5m7n9pqrstvwxyz01234'],
  async run(context) {
    const [id] = context.positionals;
    if (id === undefined) {
      throw new CodedError('GC_USAGE', 'which key? give its id', { hint: 'See `guardcell keys list`.' });
    }
    await connect(context).call('DELETE', `/api/v1/api-keys/${encodeURIComponent(id)}`);
    return EXIT.ok;
  },
};
