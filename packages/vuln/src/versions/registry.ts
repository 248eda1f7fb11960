// Every version order there is, by scheme.
import type { VersionScheme } from '@guardcell/core';
import { APK } from './apk.ts';
import { COMPOSER } from './composer.ts';
import { CONAN } from './conan.ts';
import { DEB } from './deb.ts';
import { GEM } from './gem.ts';
import { GENERIC } from './generic.ts';
import { GOLANG } from './golang.ts';
import { MAVEN } from './maven.ts';
import { NUGET } from './nuget.ts';
import type { Comparison, VersionOrder } from './order.ts';
import { PEP440 } from './pep440.ts';
import { PUB } from './pub.ts';
import { RPM } from './rpm.ts';
import { CARGO, HEX, NPM, SEMVER } from './semver.ts';

const VERSION_ORDERS: Readonly<Record<VersionScheme, VersionOrder>> = {
  deb: DEB,
  apk: APK,
  rpm: RPM,
  semver: SEMVER,
  npm: NPM,
  pep440: PEP440,
  maven: MAVEN,
  gem: GEM,
  composer: COMPOSER,
  nuget: NUGET,
  golang: GOLANG,
  cargo: CARGO,
  hex: HEX,
  pub: PUB,
  conan: CONAN,
  generic: GENERIC,
};

/**
 * Which of two versions comes first by the rules of an ecosystem; undefined when either text is no version of it.
 * @example compareVersions('deb', '1.0~rc1-1', '1.0-1') // -1
 */
export function compareVersions(scheme: VersionScheme, a: string, b: string): Comparison | undefined {
  return VERSION_ORDERS[scheme].compare(a, b);
}

export function isVersion(scheme: VersionScheme, text: string): boolean {
  return VERSION_ORDERS[scheme].isVersion(text);
}
