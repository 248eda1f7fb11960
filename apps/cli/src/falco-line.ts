// Alerts as Falco prints them, for programs that read Falco's output.
import { type FalcoAlert, type FalcoFormatOptions, toFalcoJson, toFalcoText } from '@guardcell/rules';
import { type CommandContext, oneOf } from './command.ts';
import { oneLine, safeJson } from './terminal.ts';

/** `falco` is a JSON object, `falco-text` is time, priority and message; either on one line without its end. */
export function falcoLine(
  alert: FalcoAlert,
  format: 'falco' | 'falco-text',
  options: FalcoFormatOptions = {},
): string {
  return format === 'falco' ? safeJson(toFalcoJson(alert, options)) : oneLine(toFalcoText(alert, options));
}

/**
 * What `-o text|jsonl` asks for; text unless told. `json` is taken for `jsonl`, as Falco calls it.
 * @throws CodedError GC_USAGE for another word.
 */
export function alertFormat(context: CommandContext): 'falco' | 'falco-text' {
  const wanted = oneOf(context.options, 'output', ['text', 'jsonl', 'json']) ?? 'text';
  return wanted === 'text' ? 'falco-text' : 'falco';
}
