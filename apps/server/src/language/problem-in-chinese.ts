// A problem answer in Chinese: title, detail, hint and the message of each place. Codes, places, ids and names stay.
import type { Problem } from '@guardcell/contract';
import { type Phrase, phraseIn, phraseOf, phrasesOf } from '@guardcell/kit';
import { CHINESE_CODES, errorInChinese } from '@guardcell/scan/remarks';
import { errorKind } from '../errors.ts';
import { ruleHintInChinese, ruleMessageInChinese } from './rules-in-chinese.ts';
import { REFUSALS } from './texts/action-texts.ts';
import { PLATFORM_HINTS, PLATFORM_TEXTS } from './texts/platform-texts.ts';
import { REQUEST_HINTS, REQUEST_TEXTS, VALUE_TEXTS } from './texts/request-texts.ts';

const MESSAGES: readonly Phrase[] = [...phrasesOf({ ...REQUEST_TEXTS, ...PLATFORM_TEXTS }), ...REFUSALS];
const HINTS = phrasesOf({ ...REQUEST_HINTS, ...PLATFORM_HINTS });
const VALUES = phrasesOf(VALUE_TEXTS);
/** A place of the body or query, and what is wrong with the value there. */
const PLACE = /^(\/\S*|the body|the query) (.+)$/s;
const OF_RULES: ReadonlySet<string> = new Set(['GC_INVALID_RULES', 'GC_INVALID_RESPONSE_RULE']);
const PLACES: Readonly<Record<string, string>> = { 'the body': '请求正文', 'the query': '查询参数' };
/** Forms are looked for in what a person could read; longer texts are somebody's input. */
const MAX_LENGTH = 2000;

function sentence(text: string): string {
  const said = phraseOf(text, VALUES);
  // Types are named as in JSON Schema.
  return said?.startsWith('类型必须是') === true ? said.replaceAll(' or ', ' 或 ') : (said ?? text);
}

/** What is wrong with a value: one sentence, or several. */
function valueInChinese(message: string): string {
  const said = message.split('; ').map(sentence).join('；');
  return said === message.replaceAll('; ', '；') ? message : said;
}

/** A message on a rule stands behind its place in the file. */
function ruleDetail(detail: string): string {
  const [, place = '', message = detail] =
    /^((?:[^\n]{1,300}?:\d+:\d+|\S+\.ya?ml): )(.*)$/s.exec(detail) ?? [];
  return place + ruleMessageInChinese(message);
}

function detailOf({ code, detail }: Problem): string {
  if (detail.length > MAX_LENGTH) return detail;
  const known = phraseOf(detail, MESSAGES);
  if (known !== undefined) return known;
  const ofRule = OF_RULES.has(code) ? ruleDetail(detail) : detail;
  if (ofRule !== detail) return ofRule;
  const [, place = '', message = ''] = PLACE.exec(detail) ?? [];
  if (place !== '') return `${PLACES[place] ?? `${place} `}${valueInChinese(message)}`;
  const value = valueInChinese(detail);
  if (value !== detail) return value;
  if (CHINESE_CODES.has(code)) return errorInChinese({ code, message: detail, at: '', hint: '' }).message;
  // Told by another program: what the code says stands before it.
  return `${errorKind(code).zh}：${detail}`;
}

/** One of the platform's own sentences; as it is when it is none. */
export function messageOfProblem(message: string): string {
  return phraseIn(message, MESSAGES);
}

function hintOf(hint: string): string {
  const known = phraseIn(hint, HINTS);
  if (known !== hint) return known;
  const ofRule = ruleHintInChinese(hint);
  return ofRule === hint ? errorInChinese({ code: '', message: '', at: '', hint }).hint : ofRule;
}

/** The same problem in Chinese; `errors` are matched to fields by their pointers, which stay. */
export function problemInChinese(problem: Problem): Problem {
  const { code, hint, errors } = problem;
  return {
    ...problem,
    title: errorKind(code).zh,
    detail: detailOf(problem),
    ...(hint !== undefined && { hint: hintOf(hint) }),
    ...(errors !== undefined && {
      errors: errors.map(({ pointer, message }) => {
        const said = valueInChinese(message);
        return { pointer, message: said === message ? ruleMessageInChinese(message) : said };
      }),
    }),
  };
}
