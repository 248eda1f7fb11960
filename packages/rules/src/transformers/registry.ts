// The one table of all transformers. `val()` is not one: it only marks a field on the right side.
import { SEVERAL_TRANSFORMERS } from './several.ts';
import { TEXT_TRANSFORMERS } from './text.ts';
import type { TransformerDefinition } from './transformer.ts';

export const TRANSFORMERS: readonly TransformerDefinition[] = [...TEXT_TRANSFORMERS, ...SEVERAL_TRANSFORMERS];

const BY_NAME: ReadonlyMap<string, TransformerDefinition> = new Map(
  TRANSFORMERS.map((transformer) => [transformer.name, transformer]),
);

/** Undefined for names that are no transformer. */
export function findTransformer(name: string): TransformerDefinition | undefined {
  return BY_NAME.get(name);
}
