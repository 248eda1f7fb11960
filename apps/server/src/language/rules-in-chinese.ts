// What is wrong with rules and response rules, in Chinese. Codes, places and words of the rule language stay.
import type { RuleLoadProblem } from '@guardcell/core';
import { phraseOf } from '@guardcell/kit';
import { saidIn } from './said-in.ts';
import { RESPONSE_HINTS, RESPONSE_MESSAGES } from './texts/response-texts.ts';
import { RULE_CODES, RULE_HINTS, RULE_MESSAGES } from './texts/rule-texts.ts';

const MESSAGES = [...RULE_MESSAGES, ...RESPONSE_MESSAGES];
const HINTS = [...RULE_HINTS, ...RESPONSE_HINTS];
/** Longer messages quote somebody's file. */
const MAX_LENGTH = 2000;

/** As it is when its form is not known. */
export function ruleMessageInChinese(message: string): string {
  if (message.length > MAX_LENGTH) return message;
  const inside = (value: string): string => phraseOf(value, RULE_MESSAGES) ?? value;
  return phraseOf(message, MESSAGES, inside) ?? message;
}

export function ruleHintInChinese(hint: string): string {
  return saidIn(hint, HINTS);
}

/** What the code says stands before what another program says, such as the reader of YAML. */
export function ruleProblemInChinese(problem: RuleLoadProblem): RuleLoadProblem {
  const { code, message, hint } = problem;
  const said = ruleMessageInChinese(message);
  const title = said === message ? RULE_CODES[code] : undefined;
  return {
    ...problem,
    message: title === undefined ? said : `${title}：${message}`,
    hint: ruleHintInChinese(hint),
  };
}

/** An answer whose `problems` are of rules. */
export function withProblemsInChinese<Answer extends { readonly problems: readonly RuleLoadProblem[] }>(
  answer: Answer,
): Answer {
  return { ...answer, problems: answer.problems.map(ruleProblemInChinese) };
}
