// The file `release` in the folder of a Java runtime: lines KEY="value".
import type { FoundPackage } from '../found-package.ts';
import { parseProperties } from '../jar/parse-manifest.ts';

/** `17.0.8` and `1.8.0_372`; empty when it is another kind of file called `release`. */
export function parseJavaRelease(text: string): readonly FoundPackage[] {
  const fields = parseProperties(text.slice(0, 64 * 1024));
  const version = (fields.get('JAVA_VERSION') ?? '').replace(/^"(.*)"$/, '$1');
  return /^\d[\w.+-]{0,60}$/.test(version) ? [{ name: 'java', version }] : [];
}
