// Members of tar archives, as they come: plain ones from where they lie, compressed ones while they are unpacked.
import { CodedError } from '@guardcell/kit';
import { heldContent } from '../content/file-content.ts';
import { openTemporaryFile, type TemporaryFile } from '../content/temporary-file.ts';
import { normalisePath } from '../layers/layer-path.ts';
import { createTarReader, type TarEntry, type TarPieces, type TarSink } from '../layers/tar-reader.ts';
import {
  type ArchiveMember,
  countMember,
  countRead,
  isWantedArchive,
  joined,
  modeOfMember,
  type Open,
  skip,
  tellFullDisk,
  tooLarge,
  type Walk,
} from './archive-walk.ts';

/** Archives within archives above this are copied to disk: several may be open within each other. */
const HELD_BYTES = 8 * 2 ** 20;
/** Headers of a member: its own, and those with long names and what else is told of it. */
const MOST_HEADERS = 4;
const DAMAGED = 'the tar archive is damaged';
const CUT = 'the tar archive is cut off';

/** Feeds the archive to `write`; returns why it is not all. */
export type TarFeed = (write: (piece: Buffer) => void) => string | undefined;

function storedMember(walk: Walk, member: ArchiveMember, open: Open): TarPieces | false {
  let file: TemporaryFile;
  try {
    file = openTemporaryFile();
  } catch (error) {
    tellFullDisk(walk, error);
    return false;
  }
  walk.copies.add(file);
  let isWhole = true;
  const close = (): void => {
    if (walk.copies.delete(file)) file.close();
  };
  return {
    piece(bytes) {
      if (!isWhole) return;
      try {
        file.write(bytes);
      } catch (error) {
        isWhole = false;
        close();
        tellFullDisk(walk, error);
      }
    },
    end() {
      if (!isWhole) return;
      try {
        open(file.content(), member);
      } finally {
        close();
      }
    },
  };
}

function sinkFor(walk: Walk, outer: string, open: Open): TarSink {
  let member: ArchiveMember | undefined;
  const wants = (one: ArchiveMember): boolean => walk.visitor.wants(one);

  function take(entry: TarEntry): boolean | TarPieces {
    countMember(walk);
    if (entry.kind !== 'file') return false;
    const path = normalisePath(entry.name);
    const place = joined(outer, path.slice(1));
    member = { path, place, size: entry.size, mode: modeOfMember(path, entry.mode) };
    if (isWantedArchive(member, wants)) {
      countRead(walk);
      return entry.size <= HELD_BYTES ? true : storedMember(walk, member, open);
    }
    if (!wants(member)) return false;
    if (entry.size > walk.limits.memberBytes) {
      skip(walk, place, tooLarge(walk));
      return false;
    }
    countRead(walk);
    return true;
  }

  return {
    entry: take,
    content(_entry, bytes) {
      if (member !== undefined) open(heldContent(bytes), member);
    },
    problem(name) {
      skip(walk, joined(outer, normalisePath(name).slice(1)), DAMAGED);
    },
  };
}

/** Gives every member that is wanted to `open`; what comes before damage stands. @throws WalkEnd. */
export function walkTar(walk: Walk, outer: string, feed: TarFeed, open: Open): void {
  const { members, memberBytes } = walk.limits;
  const limits = { entries: MOST_HEADERS * members, repeatedBytes: memberBytes };
  const reader = createTarReader(sinkFor(walk, outer, open), limits);
  try {
    const problem = feed((piece) => reader.write(piece));
    if (problem !== undefined) return skip(walk, outer, problem, true);
    reader.end();
  } catch (error) {
    if (!(error instanceof CodedError) || !error.code.startsWith('GC_LAYER_')) throw error;
    skip(walk, outer, error.code === 'GC_LAYER_TRUNCATED' ? CUT : DAMAGED, true);
  }
}
