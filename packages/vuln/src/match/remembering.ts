// A source that asks each question once: the same modules and vulnerabilities come up again and again in one match.
import type { AdvisorySource, AffectedPackage, VulnerabilityFacts } from '@guardcell/core';

/** Answers are kept up to these numbers; what is beyond is asked again. */
const MAX_NAMES = 20_000;
const MAX_FACTS = 50_000;

/** Use it for one match only: it would not notice that the database changed. */
export function remembering(source: AdvisorySource): AdvisorySource {
  const entries = new Map<string, readonly AffectedPackage[]>();
  const facts = new Map<string, VulnerabilityFacts | undefined>();
  return {
    ecosystems: source.ecosystems,
    revision: source.revision,
    affected(ecosystem, name) {
      const key = `${ecosystem}\n${name}`;
      const known = entries.get(key);
      if (known !== undefined) return known;
      const found = source.affected(ecosystem, name);
      if (entries.size < MAX_NAMES) entries.set(key, found);
      return found;
    },
    facts(id) {
      if (facts.has(id)) return facts.get(id);
      const found = source.facts(id);
      if (facts.size < MAX_FACTS) facts.set(id, found);
      return found;
    },
  };
}
