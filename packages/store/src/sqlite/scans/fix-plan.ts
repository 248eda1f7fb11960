// The plan of upgrades over everything that matches: which step closes most, in words and as a command where one fits.
import type { FixPlan, FixStep, VulnerabilityFilter } from '@guardcell/contract';
import type { PackageType } from '@guardcell/core';
import { baseImageSteps, type ScoredStep } from './base-image-steps.ts';
import { noRanks, severityCounts } from './index/counts.ts';
import { type ScanIndex, typeName } from './index/scan-index.ts';
import { type UpgradeStep, upgradeSteps } from './index/upgrade-steps.ts';
import type { Sql } from './scan-file.ts';

const MOST_STEPS = 500;
const MOST_IDS = 200;
const MOST_NAMES = 10;

/** Names and versions come from images that nobody vouches for: only what is plainly no shell syntax goes into a command. */
const PLAIN = /^[A-Za-z0-9@][\w@.+:~/-]*$/;

type Command = (names: readonly string[], version: string) => string;

const COMMANDS: Partial<Record<PackageType, Command>> = {
  deb: (names, version) => `apt-get install --only-upgrade ${names.map((n) => `${n}=${version}`).join(' ')}`,
  apk: (names) => `apk upgrade ${names.join(' ')}`,
  rpm: (names) => `dnf upgrade ${names.join(' ')}`,
  npm: ([name], version) => `npm install ${name}@${version}`,
  pypi: ([name], version) => `pip install ${name}==${version}`,
  golang: ([name], version) => {
    const bare = version.replace(/^(?:go|v)/, '');
    // The standard library comes with the tools that build.
    return name === 'stdlib' ? `go get toolchain@go${bare}` : `go get ${name}@v${bare}`;
  },
  cargo: ([name], version) => `cargo update -p ${name} --precise ${version}`,
  gem: ([name]) => `bundle update ${name}`,
  composer: ([name], version) => `composer require ${name}:${version}`,
  nuget: ([name], version) => `dotnet add package ${name} --version ${version}`,
};

/** A command where the package manager has one for it, else a sentence. */
function actionOf(type: PackageType, names: readonly string[], version: string): string {
  const some = names.toSorted().slice(0, MOST_NAMES);
  const command = COMMANDS[type];
  if (command !== undefined && [...some, version].every((text) => PLAIN.test(text)))
    return command(some, version);
  return `Upgrade ${some.join(', ')} to ${version}`;
}

function stepOf(index: ScanIndex, step: UpgradeStep, purlOf: (key: number) => string): FixStep {
  const { pkg, names, to, closes, artifacts } = step;
  const ranks = noRanks();
  for (const rank of closes.values()) ranks[rank as 0] += 1;
  const ids = [...closes].sort((a, b) => a[1] - b[1]).map(([v]) => index.vulnerabilities.text(v));
  return {
    action: actionOf(typeName(pkg.type), [...names], to),
    package: purlOf(step.key),
    packageName: pkg.source || pkg.name,
    from: pkg.version,
    to,
    closes: severityCounts(ranks),
    vulnerabilities: ids.slice(0, MOST_IDS),
    artifacts,
  };
}

/** Steps that close most risk first: upgrades of packages, and of base images where layers tell of a newer one. */
export function fixPlanOf(sql: Sql, index: ScanIndex, filter: VulnerabilityFilter, nowMs: number): FixPlan {
  const purlOf = (key: number): string =>
    String(sql.get('SELECT purl FROM package WHERE key = ?', key)?.['purl'] ?? '');
  const upgrades = upgradeSteps(index, filter, nowMs, MOST_STEPS).map(
    (step): ScoredStep => ({
      step: stepOf(index, step, purlOf),
      score: step.score,
    }),
  );
  const bases = filter.package === undefined ? baseImageSteps(sql, index, filter, nowMs) : [];
  const items = [...bases, ...upgrades].sort((a, b) => b.score - a.score).map(({ step }) => step);
  return { items: items.slice(0, MOST_STEPS) };
}
