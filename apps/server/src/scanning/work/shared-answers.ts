// Remembers what the vulnerability database has said: images share most of their packages, and unpacking an answer costs
// far more than keeping it.
import type { AdvisorySource, AffectedPackage, VulnerabilityFacts } from '@guardcell/core';

/** About 30 MB of facts, and as much of judgements, in a process that ends when it is idle. */
const MAX_FACTS = 20_000;
const MAX_NAMES = 20_000;

function bounded<Value>(most: number): (key: string, ask: () => Value) => Value {
  const known = new Map<string, Value>();
  return (key, ask) => {
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Value;
    const value = ask();
    // The oldest goes; what is asked for often comes back at once.
    if (known.size >= most) known.delete(known.keys().next().value ?? '');
    known.set(key, value);
    return value;
  };
}

/** The same source; its answers must not be changed, and it must not change. */
export function sharedAnswers(source: AdvisorySource): AdvisorySource {
  const affected = bounded<readonly AffectedPackage[]>(MAX_NAMES);
  const facts = bounded<VulnerabilityFacts | undefined>(MAX_FACTS);
  return {
    ecosystems: source.ecosystems,
    revision: source.revision,
    affected: (ecosystem, name) => affected(`${ecosystem}\n${name}`, () => source.affected(ecosystem, name)),
    facts: (id) => facts(id, () => source.facts(id)),
  };
}
