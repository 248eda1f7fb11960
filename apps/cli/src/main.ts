// Entry of the command line: parses, dispatches, turns errors into messages and exit codes.

import { parseArgs } from 'node:util';
import { nearestName } from '@guardcell/core';
import { CodedError, type ErrorFacts, errorFacts, processLogger, systemErrorCode } from '@guardcell/kit';
import { type Command, EXIT, type OptionSpec } from './command.ts';
import { allCommands, COMMAND_NAMES, findCommand } from './commands.ts';
import { commandHelp, groupHelp, mostWords, overviewHelp, usageLine } from './help.ts';
import { COMPILE_CACHE } from './paths.ts';
import { renderSpans, wantsColours } from './style.ts';
import { forTerminal } from './terminal.ts';
import { unknownCommandHint } from './unknown-command.ts';

const EXIT_OF_CODE: readonly (readonly [RegExp, number])[] = [
  [/^GC_(USAGE|TEST_NO_MATCH|VALIDATION)/, EXIT.usage],
  [/NOT_FOUND$/, EXIT.notFound],
  [/^GC_DB_STALE$/, EXIT.stale],
  [
    /^GC_(AUTH|UNAUTHENTICATED|BAD_CREDENTIALS|CSRF|FORBIDDEN|LOGIN|REGISTRY_AUTH|REGISTRY_CREDENTIALS)/,
    EXIT.auth,
  ],
  [
    /UNREACHABLE$|^GC_(SERVER|IMAGE_STORE|STOPPING|REGISTRY_TLS|REGISTRY_RATE_LIMIT|DB_MIRRORS|DB_DOWNLOAD|DB_SIGNATURE)/,
    EXIT.unreachable,
  ],
];

/** Whether the system refused it to this user: the error itself, or what it comes from. */
function isRefused(thrown: unknown): boolean {
  if (/^(?:EACCES|EPERM)$/.test(systemErrorCode(thrown) ?? '')) return true;
  return thrown instanceof Error && thrown.cause !== undefined && isRefused(thrown.cause);
}

function exitCodeOf(code: string, thrown: unknown): number {
  if (isRefused(thrown)) return EXIT.auth;
  if (code === 'GC_SERVER_NOT_FOUND') return EXIT.unreachable;
  return EXIT_OF_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? EXIT.usage;
}

/** Files that cannot be read or written where nobody said more of them: a matter of the machine, not of the program. */
function fileFacts(thrown: unknown): ErrorFacts | undefined {
  const code = systemErrorCode(thrown) ?? '';
  if (!(thrown instanceof Error) || !('path' in thrown) || !/^E[A-Z]+$/.test(code)) return undefined;
  const at = 'dest' in thrown ? String(thrown.dest) : String(thrown.path);
  return { code: 'GC_FILE', message: `the file or folder cannot be used (${code})`, at, hint: '' };
}

function parse(
  command: Command,
  args: readonly string[],
): { values: Record<string, string | boolean | string[] | undefined>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries<OptionSpec>({ ...command.options, help: { type: 'boolean', short: 'h', help: '' } }).map(
      ([name, spec]) => [
        name,
        {
          type: spec.type,
          multiple: spec.multiple === true,
          ...(spec.short !== undefined && { short: spec.short }),
        },
      ],
    ),
  );
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return {
      values: { ...parsed.values } as Record<string, string | boolean | string[] | undefined>,
      positionals: parsed.positionals,
    };
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause);
    throw new CodedError('GC_USAGE', message, { hint: optionHint(command, message), cause });
  }
}

function optionHint(command: Command, message: string): string {
  const unknown = /^Unknown option '-{1,2}(.+)'$/.exec(message)?.[1] ?? '';
  const other = Object.entries(command.otherNames ?? {}).find(([name]) => name === unknown)?.[1];
  if (other !== undefined) return other;
  const near = unknown.length < 3 ? undefined : nearestName(unknown, Object.keys(command.options));
  return `${near === undefined ? '' : `Did you mean --${near}? `}guardcell ${command.name} --help shows what there is.`;
}

async function run(words: readonly string[], signal: AbortSignal): Promise<number> {
  const [first, ...others] = words;
  if (first === 'help' && others.length > 0) return run([...others, '--help'], signal);
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    process.stdout.write(overviewHelp(await allCommands()));
    return EXIT.ok;
  }
  const found = await findCommand(first === '--version' ? ['version'] : words);
  if (found === undefined) {
    const group = (await allCommands()).filter(({ name }) => name.startsWith(`${first} `));
    if (group.length > 0 && (others[0] === '--help' || others[0] === '-h')) {
      process.stdout.write(groupHelp(first, group));
      return EXIT.ok;
    }
    throw new CodedError('GC_USAGE', `unknown command '${words.slice(0, 2).join(' ')}'`, {
      hint: unknownCommandHint(words, COMMAND_NAMES),
    });
  }
  const { command, rest } = found;
  const { values, positionals } = parse(command, rest);
  if (values['help'] === true) {
    process.stdout.write(commandHelp(command));
    return EXIT.ok;
  }
  const extra = positionals[mostWords(command.usage)];
  if (extra !== undefined) {
    throw new CodedError('GC_USAGE', `'${extra}' is one word too many`, { hint: usageLine(command) });
  }
  isVerdict = command.isVerdict === true;
  runsUntilStopped = command.runsUntilStopped === true;
  const isTty = process.stdout.isTTY === true;
  const terminal = { isTty, colours: wantsColours(process.env, isTty) };
  return command.run({
    positionals,
    options: values,
    logger: processLogger(),
    // Pipes get every byte; a terminal gets nothing that would drive it.
    out: (text) => void process.stdout.write(process.stdout.isTTY ? forTerminal(text) : text),
    styled: (spans) => void process.stdout.write(renderSpans(spans, terminal)),
    err: (text) => void process.stderr.write(forTerminal(text)),
    isTty,
    signal,
  });
}

// Without the launcher (tests, debugging): children inherit the cache of stripped and compiled sources.
process.env['NODE_COMPILE_CACHE'] ??= COMPILE_CACHE;

const interrupted = new AbortController();
let exitOnSignal: number | undefined;
let runsUntilStopped = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // Whoever asks twice waits for nothing more.
    if (exitOnSignal !== undefined) process.exit(exitOnSignal);
    exitOnSignal = name === 'SIGTERM' && runsUntilStopped ? EXIT.ok : EXIT.interrupted;
    interrupted.abort();
    // A command that waits for input waits no longer.
    process.stdin.destroy();
  });
}
// A reader that went away (`| head`) is not an error. A verdict is still given: what it would have read is dropped.
let isVerdict = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') {
    process.stderr.write(
      `error GC_OUTPUT_WRITE: standard output could not be written (${error.code ?? 'unknown'}): what is there is not whole\n`,
    );
    process.exit(EXIT.partial);
  }
  if (!isVerdict) process.exit(EXIT.ok);
});

try {
  process.exitCode = await run(process.argv.slice(2), interrupted.signal);
} catch (thrown) {
  if (interrupted.signal.aborted) {
    process.exitCode = exitOnSignal ?? EXIT.interrupted;
  } else {
    const { code, message, at, hint } = fileFacts(thrown) ?? errorFacts(thrown);
    process.stderr.write(forTerminal(`error ${code}: ${message}${at === '' ? '' : ` (${at})`}\n`));
    if (hint !== '') process.stderr.write(forTerminal(`  ${hint}\n`));
    if (code === 'GC_INTERNAL' && thrown instanceof Error) process.stderr.write(`${thrown.stack ?? ''}\n`);
    process.exitCode = exitCodeOf(code, thrown);
  }
}
if (interrupted.signal.aborted) process.exitCode = exitOnSignal ?? EXIT.interrupted;
