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
  let rest = '';
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
    if (rest.length > maxBytes) {
      throw new CodedError('GC_LINE_TOO_LONG', `a line exceeds ${maxBytes} bytes`, {
        hint: 'Check that the input is newline-delimited JSON.',
      });
    }
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield rest;
}
