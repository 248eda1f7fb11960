// Dart versions: semantic versions where the build metadata counts, after everything else.
import { type VersionOrder, versionOrder } from './order.ts';
import { compareIdentifiers, compareSemver, parseSemver } from './semver.ts';

/** Order of packages of pub.dev: `1.0.0` < `1.0.0+1` < `1.0.0+2`. */
export const PUB: VersionOrder = versionOrder(
  parseSemver,
  (a, b) => compareSemver(a, b) || compareIdentifiers(a.build, b.build),
);
