// Errors and notes of scans in Chinese, by code. Details that parsers and other programs tell stay in their own words.
import type { ScanError } from '@guardcell/core';
import { type Phrase, phraseIn, phraseOf, phrasesOf } from '@guardcell/kit';
import { DATABASE_HINTS, DATABASE_TEXTS } from './errors/database-texts.ts';
import { IMAGE_HINTS, IMAGE_TEXTS } from './errors/image-texts.ts';
import { JOB_DETAILS, REGISTRY_HINTS, REGISTRY_TEXTS } from './errors/registry-texts.ts';
import { SCAN_HINTS, SCAN_TEXTS } from './errors/scan-texts.ts';

interface Remark {
  readonly title: string;
  readonly messages: readonly Phrase[];
  readonly details: readonly Phrase[];
}

const REMARKS: ReadonlyMap<string, Remark> = new Map(
  Object.entries({ ...SCAN_TEXTS, ...IMAGE_TEXTS, ...REGISTRY_TEXTS, ...DATABASE_TEXTS }).map(
    ([code, { title, messages = {}, details = {} }]) => [
      code,
      { title, messages: phrasesOf(messages), details: phrasesOf(details) },
    ],
  ),
);
const HINTS = phrasesOf({ ...SCAN_HINTS, ...IMAGE_HINTS, ...REGISTRY_HINTS, ...DATABASE_HINTS });
const DETAILS = phrasesOf(JOB_DETAILS);
const CODED = /^(GC_[A-Z0-9_]+) (.+)$/s;

/** Every code that has a text. */
export const CHINESE_CODES: ReadonlySet<string> = new Set(REMARKS.keys());

/** What a message holds: a known detail of its code, or the message of another error, which may have any code. */
function insideOf(text: string, details: readonly Phrase[]): string {
  const [, code = '', rest = ''] = CODED.exec(text) ?? [];
  if (REMARKS.has(code)) return messageInChinese(code, rest);
  const known = phraseOf(text, details);
  if (known !== undefined) return known;
  for (const other of REMARKS.values()) {
    // Where details are listed, the forms of messages fit anything.
    const found = other.details.length > 0 ? undefined : phraseOf(text, other.messages);
    if (found !== undefined) return found;
  }
  return text;
}

/** What the code says stands before a message whose form is not known; without a known code the message stays. */
export function messageInChinese(code: string, message: string): string {
  const known = REMARKS.get(code);
  if (known === undefined || message === '') return message;
  const inside = (text: string): string => insideOf(text, known.details);
  return phraseOf(message, known.messages, inside) ?? `${known.title}：${inside(message)}`;
}

/** The error with message and hint in Chinese as far as its code is known; others stay as they are. */
export function errorInChinese(error: ScanError): ScanError {
  return {
    ...error,
    message: messageInChinese(error.code, error.message),
    hint: phraseIn(error.hint, HINTS),
  };
}

/** One line of a job or a check: a message with its hint behind it, or what happened when there is no code. */
export function detailInChinese(code: string, detail: string): string {
  if (code === '') return phraseIn(detail, DETAILS);
  for (let at = detail.indexOf('. '); at !== -1; at = detail.indexOf('. ', at + 1)) {
    const hint = phraseOf(detail.slice(at + 2), HINTS);
    if (hint !== undefined) return `${messageInChinese(code, detail.slice(0, at))}。${hint}`;
  }
  return messageInChinese(code, detail);
}

/** What stands behind a code in one text: `GC_DB_MIRRORS no mirror is configured (place)`. */
export function codedInChinese(text: string): string {
  const [, code = '', rest = ''] = CODED.exec(text) ?? [];
  const [, message = rest, place = ''] = /^(.*?)( \([^()]*\))?$/s.exec(rest) ?? [];
  if (!REMARKS.has(code)) return text;
  const known = phraseOf(rest, REMARKS.get(code)?.messages ?? []);
  return `${code} ${known ?? messageInChinese(code, message) + place}`;
}
