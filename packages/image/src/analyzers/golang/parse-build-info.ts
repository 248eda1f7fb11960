// Turns the module information of a Go program into packages: https://pkg.go.dev/runtime/debug#BuildInfo
import type { FoundPackage } from '../found-package.ts';
import type { RawBuildInfo } from './read-build-info.ts';

interface Module {
  readonly path: string;
  readonly version: string;
}

export interface BuildInfo {
  /** `1.22.1`; empty for development versions of Go. */
  readonly goVersion: string;
  /** Import path of the main package. */
  readonly path: string;
  readonly main: Module | undefined;
  /** After replacements; modules replaced by a folder are left out. */
  readonly dependencies: readonly Module[];
  readonly settings: ReadonlyMap<string, string>;
}

/** `go1.22.1 X:boringcrypto` and `go1.19.8-debian` are 1.22.1 and 1.19.8; `1.21rc2` stays. */
const GO_VERSION = /^go(\d+(?:\.\d+){1,2}(?:(?:rc|beta)\d+)?)(?![\d.])/;
const LDFLAGS_VERSION = /-X[= ]['"]?([\w./-]{1,200})=['"]?v?(\d+\.\d+\.\d+(?:[-+.~][\w.+~-]{1,60})?)/g;
const LOCAL = /^\.{0,2}\//;

const moduleOf = (fields: readonly string[]): Module => ({ path: fields[1] ?? '', version: fields[2] ?? '' });

/** Lines that nobody knows are passed over. */
export function parseBuildInfo(raw: RawBuildInfo): BuildInfo {
  const dependencies: Module[] = [];
  const settings = new Map<string, string>();
  let path = '';
  let main: Module | undefined;
  let last: 'main' | 'dependency' | undefined;
  for (const line of raw.modules.split('\n')) {
    const fields = line.split('\t');
    if (fields[0] === 'path') path = fields[1] ?? '';
    else if (fields[0] === 'mod') {
      main = moduleOf(fields);
      last = 'main';
    } else if (fields[0] === 'dep') {
      dependencies.push(moduleOf(fields));
      last = 'dependency';
    } else if (fields[0] === '=>') {
      if (last === 'dependency') dependencies[dependencies.length - 1] = moduleOf(fields);
      else if (last === 'main') main = moduleOf(fields);
    } else if (fields[0] === 'build') {
      const cut = line.indexOf('=');
      if (cut > 0) settings.set(line.slice('build\t'.length, cut), line.slice(cut + 1));
    }
  }
  return {
    goVersion: GO_VERSION.exec(raw.goVersion)?.[1] ?? '',
    path,
    main,
    dependencies: dependencies.filter((module) => !LOCAL.test(module.path)),
    settings,
  };
}

/**
 * Version of the program itself: the module's, else the one that linker flags put into a variable called like
 * `version`. Empty when the build does not say; then nothing is claimed.
 */
function mainVersion(info: BuildInfo): string {
  const stamped = info.main?.version ?? '';
  // `+dirty` builds come from an unknown state of the sources.
  if (/^v\d/.test(stamped) && !stamped.startsWith('v0.0.0-')) return stamped.replace(/\+dirty$/, '');
  for (const [, variable = '', version] of (info.settings.get('-ldflags') ?? '').matchAll(LDFLAGS_VERSION)) {
    const own =
      variable.startsWith('main.') || (info.main !== undefined && variable.startsWith(info.main.path));
    if (own && /(?:^|\.)(?:\w*[vV]ersion|tag|gitTag|semver)$/i.test(variable)) return `v${version}`;
  }
  return '';
}

/** Go itself as `stdlib`, the main module where its version is known, and all modules linked. */
export function packagesOf(info: BuildInfo): readonly FoundPackage[] {
  const own = mainVersion(info);
  return [
    ...(info.goVersion === '' ? [] : [{ name: 'stdlib', version: info.goVersion }]),
    ...(info.main === undefined || own === '' ? [] : [{ name: info.main.path, version: own, direct: true }]),
    ...info.dependencies
      .filter(({ path, version }) => path !== '' && /^v\d/.test(version))
      .map(({ path, version }) => ({ name: path, version })),
  ];
}
