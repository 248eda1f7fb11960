// What a transformer is: the shape that every entry of the transformer registry has.
import type { FieldValue, ValueType } from '../fields/field.ts';

/** What is known of an argument before there is an event. */
export interface ArgumentShape {
  readonly type: ValueType;
  readonly list: boolean;
}

export interface TransformerDefinition {
  readonly name: string;
  /** One sentence in English. */
  readonly doc: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Types that its arguments may have. */
  readonly types: readonly ValueType[];
  /** Whether `[…]` may follow the call. */
  readonly option: 'none' | 'optional';
  /** Whether fields that are lists underneath (`proc.args`) are given as lists. */
  readonly takesLists: boolean;
  /** Type of the result for a first argument of this type. */
  result(type: ValueType): ValueType;
  /** Whether the result is a list. */
  givesList(args: readonly ArgumentShape[], option: string | undefined): boolean;
  /** What is wrong with a call, beyond the types and number of its arguments. */
  misuse?(args: readonly ArgumentShape[], option: string | undefined): string | undefined;
  /** `option` is the text in brackets after the call. Undefined means no value. */
  apply(values: readonly (FieldValue | undefined)[], option: string | undefined): FieldValue | undefined;
}
