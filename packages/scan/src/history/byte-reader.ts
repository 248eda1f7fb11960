// Reads a stream in pieces of known length or up to a byte, holding no more than it must.

export interface ByteReader {
  /** Bytes before the next `stop`, which is taken too; undefined at the end. Pieces longer than `max` are cut, the rest is dropped. */
  until(stop: number, max: number): Promise<Buffer | undefined>;
  /** Exactly so many bytes; undefined when the stream ends before. */
  exactly(length: number): Promise<Buffer | undefined>;
}

export function createByteReader(stream: AsyncIterable<Buffer>): ByteReader {
  const source = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const { done, value } = await source.next();
    if (done === true) return false;
    rest = value;
    return true;
  }

  return {
    async until(stop, max) {
      const pieces: Buffer[] = [];
      let length = 0;
      for (;;) {
        const end = rest.indexOf(stop);
        const piece = end < 0 ? rest : rest.subarray(0, end);
        if (length < max) pieces.push(piece.subarray(0, max - length));
        length += piece.length;
        if (end >= 0) {
          rest = rest.subarray(end + 1);
          return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
        }
        rest = Buffer.alloc(0);
        if (!(await more())) return length === 0 ? undefined : Buffer.concat(pieces);
      }
    },
    async exactly(length) {
      if (rest.length >= length) {
        const piece = rest.subarray(0, length);
        rest = rest.subarray(length);
        return piece;
      }
      const whole = Buffer.allocUnsafe(length);
      let have = rest.copy(whole);
      rest = Buffer.alloc(0);
      while (have < length) {
        if (!(await more())) return undefined;
        const taken = rest.copy(whole, have, 0, Math.min(rest.length, length - have));
        have += taken;
        rest = rest.subarray(taken);
      }
      return whole;
    },
  };
}
