// Findings in another language: texts of the check by its id, and what the message says of this one place kept.
// Scans write English, and what is kept in caches and databases is English; readers get their language from here.
import type { MisconfigurationFinding } from '@guardcell/core';
import type { AnyCheck } from './check.ts';
import { POSTURE_CHECKS } from './checks/registry.ts';
import { MESSAGE_PARTS, type MessagePart } from './message-parts.ts';

export type PostureLanguage = 'en' | 'zh';

const LANGUAGES: readonly PostureLanguage[] = ['en', 'zh'];
const CHECKS: ReadonlyMap<string, AnyCheck> = new Map(POSTURE_CHECKS.map((check) => [check.id, check]));
const BRACKETS = { en: [' (', ')'], zh: ['（', '）'] } as const;

/** What is wrong, and in brackets what exactly is there. */
export function messageOf(title: string, detail: string, language: PostureLanguage): string {
  const [open, close] = BRACKETS[language];
  return detail === '' ? title : `${title}${open}${detail}${close}`;
}

function translated(text: string, parts: readonly MessagePart[], language: PostureLanguage): string {
  for (const part of parts) {
    for (const from of LANGUAGES) {
      const match = part[from].read.exec(text);
      if (match !== null) return part[language].write(...match.slice(1));
    }
  }
  return text;
}

/** `title (detail)rest`, by the brackets of either language; undefined for messages of another make. */
function partsOf({
  title,
  message,
}: MisconfigurationFinding): { readonly detail: string; readonly rest: string } | undefined {
  if (!message.startsWith(title)) return undefined;
  const after = message.slice(title.length);
  for (const language of LANGUAGES) {
    const [open, close] = BRACKETS[language];
    const end = after.lastIndexOf(close);
    if (after.startsWith(open) && end !== -1) {
      return { detail: after.slice(open.length, end), rest: after.slice(end + close.length) };
    }
  }
  return { detail: '', rest: after };
}

/**
 * The finding with title, message and fix in a language, whichever it had before. What no check of this version has is
 * left as it is: findings of newer versions, messages of another make.
 */
export function findingInLanguage(
  finding: MisconfigurationFinding,
  language: PostureLanguage,
): MisconfigurationFinding {
  const check = CHECKS.get(finding.check);
  if (check === undefined) return finding;
  const at = language === 'zh' ? 1 : 0;
  const title = check.title[at];
  const parts = partsOf(finding);
  const own = MESSAGE_PARTS.filter(({ checks }) => checks.test(check.id));
  const message =
    parts === undefined
      ? finding.message
      : messageOf(title, translated(parts.detail, own, language), language) +
        translated(parts.rest, own, language);
  return { ...finding, title, message, fix: check.fix[at] };
}
