// Words within messages beside the texts of checks. Names, numbers and quotes of files are the same in every language.

export interface PartForm {
  /** Groups are what is passed on to `write`. */
  readonly read: RegExp;
  write(...values: readonly string[]): string;
}

export interface MessagePart {
  /** Ids of the checks that write it. */
  readonly checks: RegExp;
  readonly en: PartForm;
  readonly zh: PartForm;
}

export const MESSAGE_PARTS: readonly MessagePart[] = [
  {
    checks: /^GC-K8S-/,
    en: { read: /^container (.*)$/s, write: (name = '') => `container ${name}` },
    zh: { read: /^容器 (.*)$/s, write: (name = '') => `容器 ${name}` },
  },
  {
    checks: /^GC-FILE-00[28]$/,
    en: { read: /^(\d+) programs: (.*)$/s, write: (count = '', names = '') => `${count} programs: ${names}` },
    zh: { read: /^(\d+) 个程序：(.*)$/s, write: (count = '', names = '') => `${count} 个程序：${names}` },
  },
  {
    checks: /^GC-IMAGE-011$/,
    en: { read: /^(\d+) layers$/, write: (count = '') => `${count} layers` },
    zh: { read: /^(\d+) 层$/, write: (count = '') => `${count} 层` },
  },
  {
    checks: /^GC-/,
    en: {
      read: /^; (\d+) more hits of (GC-[A-Z0-9]+-\d+)$/,
      write: (count = '', check = '') => `; ${count} more hits of ${check}`,
    },
    zh: {
      read: /^；另有 (\d+) 处 (GC-[A-Z0-9]+-\d+)$/,
      write: (count = '', check = '') => `；另有 ${count} 处 ${check}`,
    },
  },
];
