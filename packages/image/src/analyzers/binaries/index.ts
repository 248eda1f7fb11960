// Well-known programs that no package manager installed, known by the version texts in them.
// Findings are for programs called like the original and bearing its text; nothing is guessed from hashes or names alone.
import type { Analyzer, FileEntry } from '../../analyzer.ts';
import {
  bufferOver,
  MAX_EXECUTABLE_BYTES,
  readExecutable,
  wantsExecutable,
} from '../executable/read-executable.ts';
import { assembleFound, type FoundPackage } from '../found-package.ts';
import { mainVersion, parseBuildInfo } from '../golang/parse-build-info.ts';
import { readBuildInfo } from '../golang/read-build-info.ts';
import { packageUrl } from '../package-url.ts';
import { basename, decodeText } from '../text-analyzer.ts';
import { findVersions, hasPattern } from './find-version.ts';
import { parseJavaRelease } from './parse-java-release.ts';
import { GO_SERVERS } from './patterns.ts';

const GO_NAMES: ReadonlySet<string> = new Set([
  ...GO_SERVERS.values(),
  'grafana-server',
  'nats-server',
  'kubelet',
  'kube-apiserver',
  'kube-proxy',
  'kubectl',
  'argocd',
  'influxd',
]);

const isRelease = (entry: FileEntry): boolean =>
  basename(entry.path) === 'release' && entry.size > 0 && entry.size < 64 * 1024 && entry.link === undefined;

/** Shared libraries carry no executable bit in many distributions. */
const isLibrary = (entry: FileEntry): boolean =>
  entry.link === undefined &&
  entry.size >= 4096 &&
  entry.path.includes('.so') &&
  /\.so(?:\.[\d.]+)?$/.test(entry.path);

function goServer(bytes: Uint8Array): readonly FoundPackage[] {
  const image = readExecutable(bytes);
  const raw = image && readBuildInfo(image);
  if (raw === undefined) return [];
  const info = parseBuildInfo(raw);
  const name = GO_SERVERS.get((info.main?.path ?? '').replace(/\/v\d+$/, ''));
  const version = mainVersion(info).replace(/^v/, '');
  return name === undefined || version === '' ? [] : [{ name, version }];
}

function look(bytes: Uint8Array, name: string): readonly FoundPackage[] {
  if (name === 'release') return parseJavaRelease(decodeText(bytes));
  if (GO_NAMES.has(name)) return goServer(bytes);
  return readExecutable(bytes) === undefined ? [] : findVersions(bufferOver(bytes), name);
}

export const binariesAnalyzer: Analyzer<readonly FoundPackage[]> = {
  id: 'binaries',
  version: 1,
  maxBytes: MAX_EXECUTABLE_BYTES,
  wants(entry) {
    const name = basename(entry.path);
    if (name === 'release') return isRelease(entry);
    // Most files are neither, and names cost more to look at than modes.
    if (!isLibrary(entry) && !wantsExecutable(entry)) return false;
    return GO_NAMES.has(name) || hasPattern(name);
  },
  analyze(file) {
    const value = look(file.bytes, basename(file.path));
    return value.length === 0 ? undefined : { value };
  },
  assemble: (found) =>
    assembleFound(found, 'binary', ({ name, version }) => packageUrl({ type: 'generic', name, version })),
};
