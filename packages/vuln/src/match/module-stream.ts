// Module streams of RPM distributions live beside each other: what is said of nodejs:20 says nothing of an installed
// nodejs:18, and nothing of the same software outside of modules.
import type { AffectedPackage, SoftwarePackage } from '@guardcell/core';

const LABEL = /[?&]rpmmod=([^&#]{1,400})/;

const isModular = (version: string): boolean => /\.module[+_]/.test(version);

/** `nodejs:18` by the label of the package; empty outside of modules; undefined where nobody wrote it down. */
export function streamOf(pkg: SoftwarePackage): string | undefined {
  if (pkg.type !== 'rpm') return '';
  const label = LABEL.exec(pkg.purl)?.[1];
  if (label === undefined) return isModular(pkg.version) ? undefined : '';
  // name:stream:version:context, encoded or not.
  const [name, stream] = label.replace(/%3a/gi, ':').split(':');
  return stream === undefined || stream === '' ? undefined : `${name}:${stream}`;
}

/** True when the entry speaks of another stream; false when of this one; undefined when one side does not say. */
export function isOtherStream(entry: AffectedPackage, stream: string | undefined): boolean | undefined {
  if (entry.modules === undefined || stream === undefined) return undefined;
  return entry.modules.length === 0 ? stream !== '' : !entry.modules.includes(stream);
}

/** Where the stream is not known, the major number stands for it. */
export function looksLikeOtherStream(version: string, fixed: string): boolean {
  if (isModular(version) !== isModular(fixed)) return true;
  const major = (text: string): string | undefined => /^(?:\d+:)?(\d+)/.exec(text)?.[1];
  return isModular(version) && major(version) !== major(fixed);
}

/** Distribution, number and context of the build; what follows them belongs to the release. */
const BUILD = /\.module[+_]el\d+(?:\.\d+)*\+\d+\+[0-9a-f]+/;

/**
 * A version of a modular package without the numbers of its build. One release is built for several minor releases
 * of the distribution, with other numbers each; the fix is in all of them.
 */
export function withoutModuleBuild(version: string): string {
  return version.replace(BUILD, '');
}
