// The small texts alone, without those of all checks and rules: for who answers many short questions.
export {
  CHINESE_CODES,
  codedInChinese,
  detailInChinese,
  errorInChinese,
  messageInChinese,
} from './error-texts.ts';
export { vulnerabilityInChinese } from './vulnerability-texts.ts';
