// The one table of all analyzers.
import type { Analyzer } from '../analyzer.ts';
import { apkAnalyzer } from './apk/index.ts';
import { binariesAnalyzer } from './binaries/index.ts';
import { cargoAnalyzer } from './cargo/index.ts';
import { cocoapodsAnalyzer } from './cocoapods/index.ts';
import { composerAnalyzer } from './composer/index.ts';
import { conanAnalyzer } from './conan/index.ts';
import { condaAnalyzer } from './conda/index.ts';
import { dpkgAnalyzer } from './dpkg/index.ts';
import { gemAnalyzer } from './gem/index.ts';
import { githubActionsAnalyzer } from './githubactions/index.ts';
import { golangAnalyzer } from './golang/index.ts';
import { hexAnalyzer } from './hex/index.ts';
import { jarAnalyzer } from './jar/index.ts';
import { mavenAnalyzer } from './maven/index.ts';
import { npmAnalyzer } from './npm/index.ts';
import { nugetAnalyzer } from './nuget/index.ts';
import { osReleaseAnalyzer } from './os-release/index.ts';
import { pubAnalyzer } from './pub/index.ts';
import { pypiAnalyzer } from './pypi/index.ts';
import { rpmAnalyzer } from './rpm/index.ts';
import { swiftAnalyzer } from './swift/index.ts';

export const ANALYZERS: readonly Analyzer[] = [
  binariesAnalyzer,
  cargoAnalyzer,
  cocoapodsAnalyzer,
  conanAnalyzer,
  condaAnalyzer,
  githubActionsAnalyzer,
  golangAnalyzer,
  hexAnalyzer,
  jarAnalyzer,
  mavenAnalyzer,
  nugetAnalyzer,
  pubAnalyzer,
  swiftAnalyzer,
  osReleaseAnalyzer,
  dpkgAnalyzer,
  apkAnalyzer,
  rpmAnalyzer,
  npmAnalyzer,
  pypiAnalyzer,
  gemAnalyzer,
  composerAnalyzer,
];
