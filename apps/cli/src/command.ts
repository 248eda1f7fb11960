// The shape of a command, and what it may use of the outside world.
import { CodedError, type Logger } from '@guardcell/kit';
import type { Span } from './style.ts';

/** As documented in docs/guide/cli.md. */
export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  unreachable: 5,
  partial: 6,
  stale: 7,
  interrupted: 130,
} as const;

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** Placeholder in the help text. */
  readonly value?: string;
  readonly help: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface CommandContext {
  /** Words after the command's own name. */
  readonly positionals: readonly string[];
  readonly options: OptionValues;
  readonly logger: Logger;
  /** Data goes to stdout and nothing else does. */
  out(text: string): void;
  /** As `out`, with emphasis on a terminal. */
  styled(spans: readonly Span[]): void;
  /** Talk goes to stderr. */
  err(text: string): void;
  readonly isTty: boolean;
  readonly signal: AbortSignal;
}

export interface Command {
  /** `events list`. */
  readonly name: string;
  readonly summary: string;
  /** Positional arguments, for the help text. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** Options of other programs that people try here, and what to do instead. */
  readonly otherNames?: Readonly<Record<string, string>>;
  /** Its exit code is a verdict: a reader that went away (`| head`) must not make it a good one. */
  readonly isVerdict?: true;
  /** Ends when somebody stops it: SIGTERM is its proper end. Of others it is an end before the time. */
  readonly runsUntilStopped?: true;
  /** Returns the exit code. */
  run(context: CommandContext): Promise<number>;
}

export function text(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function texts(options: OptionValues, name: string): readonly string[] {
  const value = options[name];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

export function flag(options: OptionValues, name: string): boolean {
  return options[name] === true;
}

/**
 * The word that an option was given, when it is one of these.
 * @throws CodedError GC_USAGE for any other word.
 */
export function oneOf<Word extends string>(
  options: OptionValues,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const given = text(options, name);
  const found = words.find((word) => word === given);
  if (given !== undefined && found === undefined) {
    throw new CodedError('GC_USAGE', `--${name} cannot be '${given}'`, {
      hint: `Use one of: ${words.join(', ')}.`,
    });
  }
  return found;
}
