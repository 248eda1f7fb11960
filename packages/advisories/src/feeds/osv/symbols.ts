// Functions that Go's vulnerability database names.
import { listOf, objectOf, word, words } from '../../loose.ts';

const MAX_SYMBOLS = 2000;

/** `import/path.Symbol`, `import/path.Type.Method`; `import/path.*` when the whole package is meant. */
export function goSymbols(specific: unknown): readonly string[] {
  const found = listOf(objectOf(specific)['imports']).flatMap((raw) => {
    const entry = objectOf(raw);
    const path = word(entry['path']);
    if (path === '') return [];
    const symbols = words(entry['symbols']);
    return symbols.length === 0 ? [`${path}.*`] : symbols.map((symbol) => `${path}.${symbol}`);
  });
  // When no entry names a function, knowing the packages adds nothing to knowing the module.
  return found.every((symbol) => symbol.endsWith('.*')) ? [] : found.slice(0, MAX_SYMBOLS);
}
