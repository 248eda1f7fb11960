// Help texts, made from the command table.
import type { Command } from './command.ts';

/** `usage: guardcell scan fs DIR [options]`. */
export function usageLine({ name, usage }: Command): string {
  return `usage: guardcell ${name} ${usage === '' ? '' : `${usage} `}[options]`;
}

/** How many words a command takes after its name, by its usage; options and their values do not count. */
export function mostWords(usage: string): number {
  const words = usage.replaceAll(/\[?--[\w-]+ [A-Z]+…?\]?/g, '').trim();
  if (/…|\(/.test(words)) return Number.POSITIVE_INFINITY;
  return Math.max(
    0,
    ...words.split(' | ').map((one) => one.split(/\s+/).filter((word) => /\w/.test(word)).length),
  );
}

export function commandHelp(command: Command): string {
  const options = Object.entries({
    ...command.options,
    help: { type: 'boolean', short: 'h', help: 'this text' } as const,
  });
  const lines = options.map(([name, spec]) => {
    const short = 'short' in spec && spec.short !== undefined ? `-${spec.short}, ` : '    ';
    const value = 'value' in spec && spec.value !== undefined ? ` ${spec.value}` : '';
    return `  ${`${short}--${name}${value}`.padEnd(28)} ${spec.help}`;
  });
  return [
    `guardcell ${command.name}: ${command.summary}`,
    '',
    ...command.examples.map((example) => `  ${example}`),
    '',
    usageLine(command),
    ...lines,
    '',
  ].join('\n');
}

/** `guardcell scan --help`: the commands that begin with a word. */
export function groupHelp(group: string, commands: readonly Command[]): string {
  const lines = commands.map((command) => `  ${command.name.padEnd(20)} ${command.summary}`);
  return [
    `usage: guardcell ${group} COMMAND [options]`,
    '',
    ...lines,
    '',
    `guardcell ${group} COMMAND --help shows the options.`,
    '',
  ].join('\n');
}

export function overviewHelp(commands: readonly Command[]): string {
  return [
    'Guardcell protects containers and Kubernetes: it watches what runs and stops what should not.',
    '',
    '  guardcell up                         start the platform on this machine',
    '  guardcell status                     health and coverage',
    '  guardcell events tail                alerts as they come',
    '',
    'commands',
    ...commands.map((command) => `  ${command.name.padEnd(20)} ${command.summary}`),
    '',
    'guardcell COMMAND --help tells more. Exit codes: 0 ok, 1 findings, 2 usage, 3 not found, 4 auth,',
    '5 unreachable, 6 partial, 7 stale data, 130 interrupted.',
    '',
  ].join('\n');
}
