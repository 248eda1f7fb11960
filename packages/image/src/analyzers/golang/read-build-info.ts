// Finds what the Go linker leaves in programs: the version of Go and the text of module information.
// Layout: src/debug/buildinfo/buildinfo.go of Go; inline since Go 1.18, two pointers to strings before.
import { type FileContent, placeOf } from '../../content/file-content.ts';
import {
  bytesAt,
  type ExecutableImage,
  type ImageSection,
  sectionContent,
  sectionNamed,
} from '../executable/executable-image.ts';

export interface RawBuildInfo {
  /** `go1.22.1`, with the additions of experiments and distributions. */
  readonly goVersion: string;
  /** Lines of `path`, `mod`, `dep`, `=>` and `build`; empty for programs built without modules. */
  readonly modules: string;
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const ALIGNMENT = 16;
const HEADER_BYTES = 32;
/** What `go build` puts around module information: src/cmd/go/internal/modload/build.go. */
const START = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex');
const END = Buffer.from('f932433186182072008242104116d8f2', 'hex');
const SENTINEL_BYTES = 16;
const INLINE = 2;
const BIG_ENDIAN = 1;
/** Both texts; the largest known programs have a few hundred kilobytes of modules. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
/** With two texts in it, and their lengths. */
const MAX_HEADER_BYTES = HEADER_BYTES + 2 * (MAX_TEXT_BYTES + 5);
/** Places that may be a version. */
const MAX_TRIES = 65_536;

/** Where the linker puts it: a section of its own, or the first writable data in formats without one. */
function candidates(image: ExecutableImage): readonly ImageSection[] {
  const own = sectionNamed(image, '.go.buildinfo') ?? sectionNamed(image, '__go_buildinfo');
  return own === undefined ? image.segments.filter((segment) => segment.writable) : [own];
}

function findHeader(image: ExecutableImage): Buffer | undefined {
  for (const section of candidates(image)) {
    const data = sectionContent(image, section);
    for (let at = placeOf(data, MAGIC); at >= 0; at = placeOf(data, MAGIC, at + 1)) {
      if (at % ALIGNMENT === 0 && at + HEADER_BYTES <= data.size) return data.read(at, MAX_HEADER_BYTES);
    }
  }
  return undefined;
}

/** Length as an unsigned varint, then the bytes. */
function inlineText(data: Buffer, at: number): { readonly text: Buffer; readonly end: number } | undefined {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = data[at + i];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      const start = at + i + 1;
      const end = start + length;
      return length > MAX_TEXT_BYTES || end > data.length
        ? undefined
        : { text: data.subarray(start, end), end };
    }
  }
  return undefined;
}

/** A Go string header at an address: pointer and length. */
function textBehind(image: ExecutableImage, header: Buffer, at: number): Buffer | undefined {
  const width = header[14];
  const bigEndian = ((header[15] ?? 0) & BIG_ENDIAN) !== 0;
  const word = (bytes: Buffer, offset: number): number => {
    if (width === 4) return bigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset);
    return Number(bigEndian ? bytes.readBigUInt64BE(offset) : bytes.readBigUInt64LE(offset));
  };
  if (width !== 4 && width !== 8) return undefined;
  const string = bytesAt(image, word(header, at), 2 * width);
  if (string === undefined) return undefined;
  const length = word(string, width);
  return length > MAX_TEXT_BYTES ? undefined : bytesAt(image, word(string, 0), length);
}

/** Module information stands between two sentinels, which the text shall not have. */
function unwrapped(modules: Buffer | undefined): string {
  if (modules === undefined || modules.length < 2 * SENTINEL_BYTES + 1) return '';
  if (modules[modules.length - SENTINEL_BYTES - 1] !== 0x0a) return '';
  return modules.toString('utf8', SENTINEL_BYTES, modules.length - SENTINEL_BYTES);
}

const VERSION_START = Buffer.from('go1.');

/** `go1.26.5` before a zero byte, as the linker writes its version, when no other stands like that; else empty. */
function loneGoVersion(data: FileContent): string {
  const versions = new Set<string>();
  let at = placeOf(data, VERSION_START);
  for (let tries = 0; at >= 0; tries += 1, at = placeOf(data, VERSION_START, at + 1)) {
    if (tries >= MAX_TRIES) return '';
    const version = /^go1\.\d+(?:\.\d+)?(?=\0)/.exec(data.read(at, 24).toString('latin1'))?.[0];
    if (version !== undefined) versions.add(version);
  }
  return versions.size === 1 ? ([...versions][0] ?? '') : '';
}

/** Stripping tools take the header away; the program itself still holds the text for `runtime/debug`. */
function readWithoutHeader(image: ExecutableImage): RawBuildInfo | undefined {
  // Windows programs have no section of that name.
  const table = sectionNamed(image, '.gopclntab') ?? sectionNamed(image, '__gopclntab');
  if (table === undefined && image.format !== 'pe') return undefined;
  for (const section of image.sections.filter(({ writable }) => !writable)) {
    const data = sectionContent(image, section);
    const start = placeOf(data, START);
    const end = start < 0 ? -1 : placeOf(data, END, start, Math.min(data.size, start + MAX_TEXT_BYTES));
    if (end > 0) {
      const modules = data.read(start + START.length, end - start - START.length).toString('utf8');
      return { goVersion: loneGoVersion(data), modules };
    }
  }
  return undefined;
}

function readHeader(image: ExecutableImage, header: Buffer): RawBuildInfo | undefined {
  if (((header[15] ?? 0) & INLINE) !== 0) {
    const version = inlineText(header, HEADER_BYTES);
    if (version === undefined) return undefined;
    return {
      goVersion: version.text.toString('utf8'),
      modules: unwrapped(inlineText(header, version.end)?.text),
    };
  }
  const version = textBehind(image, header, 16);
  if (version === undefined) return undefined;
  return {
    goVersion: version.toString('utf8'),
    modules: unwrapped(textBehind(image, header, 16 + (header[14] ?? 0))),
  };
}

/** Undefined when the program was not linked by Go, or its information was taken away. */
export function readBuildInfo(image: ExecutableImage): RawBuildInfo | undefined {
  const header = findHeader(image);
  return header === undefined ? readWithoutHeader(image) : readHeader(image, header);
}
