// `guardcell users list|add|remove|role|reset-password`: accounts of people. On the machine itself the local credential
// is enough, so a lost administrator's password can always be replaced there.
import { ROLES, type User, type UserPassword } from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, EXIT, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

const COLUMNS: readonly Column<User>[] = [
  { title: 'NAME', value: (user) => user.name },
  { title: 'ROLE', value: (user) => user.role },
  { title: 'CREATED', value: (user) => user.createdAt.slice(0, 19).replace('T', ' ') },
  { title: 'LAST SIGN-IN', value: (user) => user.lastLoginAt.slice(0, 19).replace('T', ' ') || 'never' },
];

/** @throws CodedError GC_USAGE when the name is missing. */
function nameIn({ positionals }: CommandContext, command: string): string {
  const [name] = positionals;
  if (name !== undefined) return name;
  throw new CodedError('GC_USAGE', 'which user? give the name', { hint: `guardcell ${command} NAME` });
}

/** @throws CodedError GC_USAGE for an unknown role. */
export function roleIn(given: string | undefined): string {
  if (given !== undefined && (ROLES as readonly string[]).includes(given)) return given;
  throw new CodedError('GC_USAGE', given === undefined ? 'which role?' : `there is no role '${given}'`, {
    hint: `One of: ${ROLES.join(', ')}.`,
  });
}

const path = (name: string): string => `/api/v1/users/${encodeURIComponent(name)}`;

/** The password is data: alone on stdout, so that a script can take it. */
function showPassword(context: CommandContext, answer: UserPassword): number {
  if (outputFormat(context) === 'table') {
    context.err(`Password of ${answer.user.name}, shown only now:\n`);
    context.out(`${answer.password}\n`);
  } else print(context, answer, [answer], []);
  return EXIT.ok;
}

export const usersList: Command = {
  name: 'users list',
  summary: 'list users',
  usage: '',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell users list'],
  async run(context) {
    const list = await connect(context).call<{ items: User[] }>('GET', '/api/v1/users');
    print(context, list, list.items, COLUMNS);
    return EXIT.ok;
  },
};

export const usersAdd: Command = {
  name: 'users add',
  summary: 'create a user; prints a random password once',
  usage: 'NAME',
  options: {
    role: { type: 'string', value: 'ROLE', help: 'viewer (default), responder or admin' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: ['guardcell users add ada --role responder'],
  async run(context) {
    const body = {
      name: nameIn(context, 'users add'),
      role: roleIn(text(context.options, 'role') ?? 'viewer'),
    };
    return showPassword(
      context,
      await connect(context).call<UserPassword>('POST', '/api/v1/users', { body }),
    );
  },
};

export const usersRemove: Command = {
  name: 'users remove',
  summary: 'delete a user and end their sessions; never the last administrator',
  usage: 'NAME',
  options: PLATFORM_OPTIONS,
  examples: ['guardcell users remove ada'],
  async run(context) {
    await connect(context).call('DELETE', path(nameIn(context, 'users remove')));
    return EXIT.ok;
  },
};

export const usersRole: Command = {
  name: 'users role',
  summary: 'change the role of a user; holds at once',
  usage: 'NAME ROLE',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell users role ada admin'],
  async run(context) {
    const name = nameIn(context, 'users role');
    const body = { role: roleIn(context.positionals[1]) };
    const user = await connect(context).call<User>('PUT', path(name), { body });
    print(context, user, [user], COLUMNS);
    return EXIT.ok;
  },
};

export const usersResetPassword: Command = {
  name: 'users reset-password',
  summary: 'give a user a new random password, printed once; ends their sessions',
  usage: 'NAME',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell users reset-password admin'],
  async run(context) {
    const name = nameIn(context, 'users reset-password');
    const answer = await connect(context).call<UserPassword>('POST', `${path(name)}/password`, { body: {} });
    return showPassword(context, answer);
  },
};
