// 中文文本中的数字。

/** 带中文分隔符的数字。 */
export const n = (value: number): string => value.toLocaleString('zh-CN');
