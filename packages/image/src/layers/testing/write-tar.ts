// Writes tar archives for tests: plain ustar entries, and whatever odd header a test wants.

export interface TarPart {
  readonly name: string;
  readonly type?: string;
  readonly body?: Buffer | string;
  readonly link?: string;
  readonly mode?: number;
  /** States another size than the body has. */
  readonly size?: number;
  readonly prefix?: string;
  /** Changes the header before its checksum is made. */
  edit?(header: Buffer): void;
}

function octal(header: Buffer, value: number, at: number, length: number): void {
  header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
}

function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

export function tarEntry(part: TarPart): Buffer {
  const body = Buffer.from(part.body ?? '');
  const header = Buffer.alloc(512);
  header.write(part.name, 0, 100, 'utf8');
  octal(header, part.mode ?? 0o644, 100, 8);
  octal(header, 0, 108, 8);
  octal(header, 0, 116, 8);
  octal(header, part.size ?? body.length, 124, 12);
  octal(header, 0, 136, 12);
  header.write(part.type ?? '0', 156, 'latin1');
  header.write(part.link ?? '', 157, 100, 'utf8');
  header.write('ustar\u000000', 257, 'latin1');
  header.write(part.prefix ?? '', 345, 155, 'utf8');
  part.edit?.(header);
  header.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, padded(body)]);
}

export function tar(...parts: readonly (TarPart | Buffer)[]): Buffer {
  return Buffer.concat([
    ...parts.map((part) => (Buffer.isBuffer(part) ? part : tarEntry(part))),
    Buffer.alloc(1024),
  ]);
}

/** A pax header with records, for the entry that follows. */
export function paxHeader(records: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + String(rest).length;
    if (String(length).length !== String(rest).length) length = rest + String(length).length;
    return `${length} ${key}=${value}\n`;
  });
  return tarEntry({ name: 'pax', type: 'x', body: lines.join('') });
}
