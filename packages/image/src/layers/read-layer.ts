// One layer, one pass: uncompress, read the tar, hand out files, note what is hidden below, and check the digest at the end.
import { CodedError, errorFacts } from '@guardcell/kit';
import type { Analyzer, FileEntry } from '../analyzer.ts';
import { uncompress } from './decompress.ts';
import { createDispatch, type Dispatch, type Findings, isStored, mostBytes } from './dispatch.ts';
import { normalisePath, whiteoutOf } from './layer-path.ts';
import type { LayerSource } from './layer-source.ts';
import { LAYER_LIMITS, type LayerLimits } from './limits.ts';
import { createPathMarks, type PathMarksBuilder } from './path-marks.ts';
import { createStoredFiles, type StoredFiles } from './stored-files.ts';
import { createTarReader, type TarEntry, type TarSink } from './tar-reader.ts';

/** What a layer says, as plain data: it goes between threads and into the cache. */
export interface LayerFindings extends Findings {
  /** Paths that it hides below, see path-marks.ts; empty for the lowest layer. */
  readonly marks: string;
  /** Uncompressed. */
  readonly bytes: number;
  readonly entries: number;
}

export interface ReadLayerOptions {
  readonly limits?: LayerLimits;
  /** The lowest layer hides nothing. */
  readonly isLowest: boolean;
  readonly signal?: AbortSignal;
}

/** A hard link whose target was not looked at for it; another pass over the layer brings the bytes. */
interface OpenLink {
  readonly path: string;
  readonly target: string;
  readonly wanted: readonly Analyzer[];
}

const MAX_OPEN_LINKS = 100_000;
/** A hard link does not tell the size of what it leads to; this one is large enough for those who skip tiny files. */
const LINK_SIZE = 65_536;

/**
 * Reads a layer to its end.
 * @throws CodedError GC_LAYER_… for damaged, hostile or mismatched content; nothing of such a layer is to be believed.
 */
export async function readLayer(
  source: LayerSource,
  analyzers: readonly Analyzer[],
  options: ReadLayerOptions,
): Promise<LayerFindings> {
  const limits = options.limits ?? LAYER_LIMITS;
  const dispatch = createDispatch(analyzers, limits);
  const marks = createPathMarks();
  const links: OpenLink[] = [];
  const counts = { entries: 0 };
  const stored = createStoredFiles(dispatch, limits);
  const sink = firstPass(dispatch, stored, options.isLowest ? undefined : marks, links, counts);
  try {
    const bytes = await pass(source, sink, limits, options.signal);
    if (links.length > 0)
      await pass(source, linkPass(dispatch, stored, links, limits), limits, options.signal);
    return { ...dispatch.findings(), marks: marks.build().toText(), bytes, entries: counts.entries };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    const facts = errorFacts(error);
    const code = facts.code === 'GC_INTERNAL' ? 'GC_LAYER_UNREADABLE' : facts.code;
    throw new CodedError(code, facts.message, {
      // A source names the image too.
      at: facts.at.includes(source.diffId) ? facts.at : source.diffId,
      hint: facts.hint,
      cause: error,
    });
  } finally {
    stored.close();
  }
}

async function pass(
  source: LayerSource,
  sink: TarSink,
  limits: LayerLimits,
  signal: AbortSignal | undefined,
): Promise<number> {
  const reader = createTarReader(sink, limits);
  const plain = uncompress(source.open(), limits);
  let bytes = 0;
  for await (const chunk of plain.chunks) {
    signal?.throwIfAborted();
    bytes += chunk.length;
    reader.write(chunk);
  }
  reader.end();
  if (plain.digest() !== source.diffId) {
    throw new CodedError(
      'GC_LAYER_DIGEST',
      `the layer's content is not what the image names: ${plain.digest()}`,
    );
  }
  return bytes;
}

function factsOf(entry: TarEntry, path: string): FileEntry {
  const { size, mode, uid, gid, capabilities } = entry;
  return { path, size, mode, uid, gid, ...(capabilities === undefined ? {} : { capabilities }) };
}

function firstPass(
  dispatch: Dispatch,
  stored: StoredFiles,
  marks: PathMarksBuilder | undefined,
  links: OpenLink[],
  counts: { entries: number },
): TarSink {
  let wanted: readonly Analyzer[] = [];
  let path = '';

  function hardLink(entry: TarEntry): void {
    const target = normalisePath(entry.link);
    const facts = { ...factsOf(entry, path), size: entry.size === 0 ? LINK_SIZE : entry.size };
    const open = dispatch.link(facts, target);
    if (open.length === 0) return;
    if (links.length < MAX_OPEN_LINKS) links.push({ path, target, wanted: open });
    else dispatch.problem(path, 'the layer has too many hard links to look at them all');
  }

  return {
    entry(entry) {
      counts.entries += 1;
      path = normalisePath(entry.name);
      if (path === '/') return false;
      const whiteout = whiteoutOf(path);
      if (whiteout !== undefined) {
        if (whiteout.kind === 'opaque') marks?.opaque(whiteout.directory);
        else if (whiteout.path !== '') marks?.file(whiteout.path);
        return false;
      }
      const isDirectory = entry.kind === 'directory';
      dispatch.replace(path, isDirectory);
      if (isDirectory) marks?.directory(path);
      else marks?.file(path);
      if (isDirectory || entry.kind === 'file' || entry.kind === 'hardlink')
        dispatch.notice(factsOf(entry, path), isDirectory);
      if (entry.kind === 'symlink' && dispatch.wantsLink(path))
        dispatch.noticeLink({ ...factsOf(entry, path), link: entry.link });
      if (entry.kind === 'hardlink') hardLink(entry);
      if (entry.kind !== 'file') return false;
      wanted = dispatch.wantedBy(factsOf(entry, path));
      if (wanted.length === 0) return false;
      const readers = [{ path, wanted }];
      return isStored(entry.size, wanted) ? stored.take(factsOf(entry, path), readers) : true;
    },
    content(entry, bytes) {
      dispatch.analyze(factsOf(entry, path), bytes, wanted);
    },
    problem(name, message) {
      dispatch.problem(normalisePath(name), message);
    },
  };
}

/** Brings hard links the bytes of their targets. */
function linkPass(
  dispatch: Dispatch,
  stored: StoredFiles,
  links: readonly OpenLink[],
  limits: LayerLimits,
): TarSink {
  const byTarget = Map.groupBy(links, (link) => link.target);
  let waiting: readonly OpenLink[] = [];
  let repeated = 0;
  return {
    entry(entry) {
      waiting = byTarget.get(normalisePath(entry.name)) ?? [];
      if (entry.kind !== 'file') return false;
      const readers = waiting.flatMap((link) => {
        const wanted = fitting(link, entry);
        return wanted.length > 0 ? [{ path: link.path, wanted }] : [];
      });
      if (readers.length === 0) return false;
      const isLarge = readers.every(({ wanted }) => isStored(entry.size, wanted));
      return isLarge ? stored.take(factsOf(entry, ''), readers) : true;
    },
    content(entry, bytes) {
      for (const link of waiting) {
        const wanted = fitting(link, entry);
        if (wanted.length === 0) continue;
        repeated += bytes.length;
        if (repeated <= limits.repeatedBytes) dispatch.analyze(factsOf(entry, link.path), bytes, wanted);
        else
          dispatch.problem(
            link.path,
            `more than ${limits.repeatedBytes} bytes of the layer have several names`,
          );
      }
    },
    // Told in the first pass.
    problem() {},
  };
}

function fitting(link: OpenLink, entry: TarEntry): readonly Analyzer[] {
  const facts = factsOf(entry, link.path);
  return link.wanted.filter((analyzer) => analyzer.wants(facts) && entry.size <= mostBytes(analyzer));
}
