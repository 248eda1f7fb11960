// Local repositories of build tools say in the path which artifact a jar is: exact, where jars themselves may be silent.
import type { Coordinates } from './identify-jar.ts';

/** `…/repository/org/acme/lib/1.0/lib-1.0.jar` of Maven. */
const MAVEN = /\/repository\/([\w.-]+(?:\/[\w.-]+)*)\/([\w.-]+)\/([\w.+-]+)\/([^/]+)$/;
/** `…/files-2.1/org.acme/lib/1.0/SHA1/lib-1.0.jar` of Gradle. */
const GRADLE = /\/files-2\.1\/([\w.-]+)\/([\w.-]+)\/([\w.+-]+)\/[0-9a-f]{30,40}\/([^/]+)$/;

/** Undefined elsewhere, and where the file is not called as the folders have it. */
export function repositoryCoordinates(path: string): Coordinates | undefined {
  if (path.length > 1000) return undefined;
  const match = GRADLE.exec(path) ?? MAVEN.exec(path);
  const [, group = '', artifact = '', version = '', file = ''] = match ?? [];
  if (match === null || !file.startsWith(`${artifact}-${version}`)) return undefined;
  return { group: group.replaceAll('/', '.'), artifact, version };
}
