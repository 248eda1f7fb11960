// What a transformer is: the shape that every entry of the transformer registry has.
import type { FieldValue, ValueType } from '../fields/field.ts';

export interface TransformerDefinition {
  readonly name: string;
  /** One sentence in English. */
  readonly doc: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Types that the first argument may have. */
  readonly types: readonly ValueType[];
  /** Type of the result for a first argument of this type. */
  result(type: ValueType): ValueType;
  /** `option` is the text in brackets after the call. Undefined means no value. */
  apply(values: readonly (FieldValue | undefined)[], option: string | undefined): FieldValue | undefined;
}
