// Reads audit events from a file or stdin, line by line, without ever holding more than one line or one JSON document.
import { createReadStream } from 'node:fs';
import { CodedError, systemErrorCode } from '@guardcell/kit';

/** A batch of the API server's webhook in one line. */
export const MAX_LINE_CHARS: number = 64 * 1024 * 1024;

export interface InputText {
  /** Where it starts; 1 is the first line. */
  readonly line: number;
  /** Undefined when the line is too long to be read. */
  readonly text: string | undefined;
}

/** The bytes of a file or of stdin (`-`). @throws CodedError GC_AUDIT_FILE while reading. */
export async function* inputChunks(path: string): AsyncGenerator<string, void, void> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of stream) yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    const missing = systemErrorCode(cause) === 'ENOENT';
    throw new CodedError('GC_AUDIT_FILE', missing ? 'there is no such file' : 'the file cannot be read', {
      at: path,
      hint: 'Give a file with one audit event or EventList in a line, a JSON file, or - for stdin.',
      cause,
    });
  }
}

/** Each line that is not blank; one that is longer than `maxChars` is passed over to its end. */
export async function* inputLines(
  chunks: AsyncIterable<string>,
  maxChars: number = MAX_LINE_CHARS,
): AsyncGenerator<InputText, void, void> {
  let line = 1;
  let rest = '';
  let skipping = false;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const text = rest + chunk.slice(from, end);
      if (skipping || text.length > maxChars) yield { line, text: undefined };
      else if (text.trim() !== '') yield { line, text };
      rest = '';
      skipping = false;
      line += 1;
      from = end + 1;
    }
    if (skipping) continue;
    rest += chunk.slice(from);
    if (rest.length > maxChars) {
      skipping = true;
      rest = '';
    }
  }
  if (skipping) yield { line, text: undefined };
  else if (rest.trim() !== '') yield { line, text: rest };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Lines, or the whole input as one text when it is one JSON document over several lines: then the first line is not
 * JSON on its own, and everything together is.
 */
export async function* inputTexts(
  lines: AsyncIterable<InputText>,
  maxChars: number = MAX_LINE_CHARS,
): AsyncGenerator<InputText, void, void> {
  /** Lines that may be the start of one document. */
  let held: InputText[] | undefined = [];
  let size = 0;
  for await (const input of lines) {
    if (held === undefined) {
      yield input;
      continue;
    }
    const opens = held.length > 0 || /^\s*[[{]/.test(input.text ?? '');
    const open = opens && input.text !== undefined && (held.length > 0 || !isJson(input.text));
    size += input.text?.length ?? 0;
    held.push(input);
    if (open && size <= maxChars) continue;
    yield* held;
    held = undefined;
  }
  if (held === undefined || held.length === 0) return;
  const whole = held.map(({ text }) => text ?? '').join('\n');
  if (isJson(whole)) yield { line: held[0]?.line ?? 1, text: whole };
  else yield* held;
}
