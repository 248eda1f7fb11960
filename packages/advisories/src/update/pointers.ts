// Some publishers give the address of the newest file in a small file of its own.
import { readFile, rm } from 'node:fs/promises';
import { CodedError } from '@guardcell/kit';
import { readUnpacked } from '../read/decompress.ts';
import { xmlElements } from '../read/xml.ts';
import { download } from './download.ts';

const MAX_POINTER = 16 * 2 ** 20;

async function small(url: string, scratch: string, signal: AbortSignal | undefined): Promise<string> {
  await download({
    url,
    target: scratch,
    maxBytes: MAX_POINTER,
    ...(signal === undefined ? {} : { signal }),
  });
  return scratch;
}

function nothing(url: string): CodedError {
  return new CodedError('GC_DB_DOWNLOAD', 'the file that should name the newest data does not', { at: url });
}

/** Red Hat: a text with the name of the archive beside it. */
async function latestArchive(url: string, scratch: string, signal: AbortSignal | undefined): Promise<string> {
  const name = (await readFile(await small(url, scratch, signal), 'utf8')).trim();
  if (!/^[\w.-]{1,200}$/.test(name)) throw nothing(url);
  return new URL(name, url).href;
}

/** Package repositories: list of mirrors → repomd.xml → updateinfo. */
async function updateInfo(url: string, scratch: string, signal: AbortSignal | undefined): Promise<string> {
  const lines = (await readFile(await small(url, scratch, signal), 'utf8')).split('\n');
  const repository = lines.map((line) => line.trim()).find((line) => /^https?:\/\//.test(line));
  if (repository === undefined) throw nothing(url);
  const base = `${repository.replace(/\/+$/, '')}/`;
  await small(`${base}repodata/repomd.xml`, scratch, signal);
  for await (const data of xmlElements(readUnpacked(scratch), new Set(['data']), url)) {
    const href = data.children.find(({ name }) => name === 'location')?.attributes['href'];
    if (data.attributes['type'] === 'updateinfo' && href !== undefined) return new URL(href, base).href;
  }
  throw nothing(url);
}

/** The address of the data itself. @throws CodedError GC_DB_DOWNLOAD. */
export async function resolvePointer(url: string, scratch: string, signal?: AbortSignal): Promise<string> {
  try {
    if (url.endsWith('/archive_latest.txt')) return await latestArchive(url, scratch, signal);
    if (url.endsWith('/mirror.list')) return await updateInfo(url, scratch, signal);
    return url;
  } finally {
    await rm(scratch, { force: true });
  }
}
