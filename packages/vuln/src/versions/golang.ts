// Go module versions (`v1.2.3`, pseudo-versions, `+incompatible`) and toolchain versions (`go1.21rc2`).
import { type VersionOrder, versionOrder } from './order.ts';
import { compareSemver, parseSemver, type SemanticVersion } from './semver.ts';

/** Vendors append words to toolchain versions: `go1.21.3 X:boringcrypto`, `go1.19.8-debian`. */
const TOOLCHAIN = /^go(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(rc|beta)(\d+))?(?:[ -].*)?$/;
/** Release candidates of toolchains have no hyphen; the leading `go` may have been taken away. */
const CANDIDATE = /^(\d+)\.(\d+)(?:\.(\d+))?(rc|beta)(\d+)$/;

function parse(text: string): SemanticVersion | undefined {
  const match = TOOLCHAIN.exec(text) ?? CANDIDATE.exec(text);
  if (match === null) return parseSemver(text);
  const [, major = '0', minor = '0', patch = '0', stage, number = '0'] = match;
  return { numbers: [major, minor, patch], pre: stage === undefined ? [] : [stage, number], build: [] };
}

/** Order of Go modules, with or without the leading `v`; a pseudo-version is a pre-release of the next version. */
export const GOLANG: VersionOrder = versionOrder(parse, compareSemver);
