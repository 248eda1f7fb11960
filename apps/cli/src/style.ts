// Emphasis for people at a terminal: text in spans, each with a meaning. Only what we write here becomes a colour;
// control characters within the spans' texts are removed as everywhere else.
import { forTerminal } from './terminal.ts';

export type Style = 'plain' | 'good' | 'bad' | 'warn' | 'dim' | 'strong';
export type Span = string | readonly [style: Style, text: string];

const CODES: Readonly<Record<Style, string>> = {
  plain: '',
  good: '32',
  bad: '31',
  warn: '33',
  dim: '2',
  strong: '1',
};

/** The text alone where there is no terminal, cleaned on one, with colours where they are wanted. */
export function renderSpans(
  spans: readonly Span[],
  { isTty, colours }: { readonly isTty: boolean; readonly colours: boolean },
): string {
  return spans
    .map((span) => {
      const [style, raw] = typeof span === 'string' ? (['plain', span] as const) : span;
      const text = isTty || colours ? forTerminal(raw) : raw;
      return !colours || style === 'plain' || text === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`;
    })
    .join('');
}

/** NO_COLOR switches colours off, FORCE_COLOR on; otherwise they are for terminals (https://no-color.org). */
export function wantsColours(env: Readonly<Record<string, string | undefined>>, isTty: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0';
  return isTty && env['TERM'] !== 'dumb';
}
