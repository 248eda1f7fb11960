// What fields, operators and transformers of the rule language mean, in Chinese. Names stay.
import type { RuleVocabulary } from '@guardcell/contract';
import { phraseOf } from '@guardcell/kit';
import { FIELD_TEXTS } from './texts/field-texts.ts';
import { WORKLOAD_TEXTS } from './texts/workload-texts.ts';

const MEANINGS = [...FIELD_TEXTS, ...WORKLOAD_TEXTS];
/** What may stand behind a meaning. */
const REMARKS: Readonly<Record<string, string>> = {
  'only in captures': '只见于捕获文件',
  'not recorded': '不作记录',
};

/** As it is when it is not known. */
export function meaningInChinese(doc: string): string {
  const known = phraseOf(doc, MEANINGS);
  if (known !== undefined) return known;
  const [, meaning = '', remark = ''] = /^(.*); (only in captures|not recorded)\.$/.exec(doc) ?? [];
  const said = phraseOf(`${meaning}.`, MEANINGS);
  return said === undefined ? doc : `${said.replace(/。$/, '')}；${REMARKS[remark]}。`;
}

function explained<Item extends { readonly doc: string }>(items: readonly Item[]): Item[] {
  return items.map((each) => ({ ...each, doc: meaningInChinese(each.doc) }));
}

export function vocabularyInChinese(vocabulary: RuleVocabulary): RuleVocabulary {
  const { fields, operators, transformers } = vocabulary;
  return {
    ...vocabulary,
    fields: explained(fields),
    operators: explained(operators),
    transformers: explained(transformers),
  };
}
