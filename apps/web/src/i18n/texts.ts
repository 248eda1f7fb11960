// What a translation owes the English original: the same keys, texts and functions of the same arguments, but other words.

export type Texts<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Texts<T[K]>;
};
