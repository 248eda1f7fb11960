// Newline-delimited JSON over byte streams with a bound on the length of a line.
import { CodedError } from './coded-error.ts';

/**
 * Yields the text of each non-empty line.
 * @throws CodedError GC_LINE_TOO_LONG when a line exceeds `maxBytes`.
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  // Pieces of the line that is not complete: joining them for each chunk would copy a long line many times over.
  let rest: string[] = [];
  let restLength = 0;
  for await (const chunk of stream) {
    const lines = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    const open = lines.pop() ?? '';
    for (const [at, line] of lines.entries()) {
      const whole = at === 0 ? rest.join('') + line : line;
      if (at === 0) {
        rest = [];
        restLength = 0;
      }
      if (whole.trim() !== '') yield whole;
    }
    rest.push(open);
    restLength += open.length;
    if (restLength > maxBytes) {
      throw new CodedError('GC_LINE_TOO_LONG', `a line exceeds ${maxBytes} bytes`, {
        hint: 'Check that the input is newline-delimited JSON.',
      });
    }
  }
  const last = rest.join('') + decoder.decode();
  if (last.trim() !== '') yield last;
}
