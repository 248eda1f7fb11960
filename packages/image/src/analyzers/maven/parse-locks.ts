// Lock files of Gradle (gradle.lockfile, buildscript-gradle.lockfile) and of sbt (build.sbt.lock).
import type { FoundPackage } from '../found-package.ts';
import { listOf, property, textOf } from '../untyped.ts';

const LINE = /^([\w.-]{1,200}):([\w.-]{1,200}):([\w.+-]{1,100})=(.*)$/;
const isTest = (configuration: string): boolean =>
  /^(?:test|androidTest|integrationTest)[A-Z]|^test/.test(configuration);

/** `group:artifact:version=configurations`. Those of tests alone, and all of build scripts, are for development. */
export function parseGradleLock(text: string, ofBuildScript: boolean): readonly FoundPackage[] {
  return text.split('\n').flatMap((line) => {
    const [, group, artifact, version, configurations = ''] = LINE.exec(line.trim()) ?? [];
    if (group === undefined || artifact === undefined || version === undefined) return [];
    const dev = ofBuildScript || configurations.split(',').every(isTest);
    return [{ name: `${group}:${artifact}`, version, ...(dev ? { dev: true } : {}) }];
  });
}

/** JSON of sbt-dependency-lock. */
export function parseSbtLock(text: string): readonly FoundPackage[] {
  const json: unknown = JSON.parse(text);
  return listOf(property(json, 'dependencies')).flatMap((dependency) => {
    const group = textOf(property(dependency, 'org'));
    const artifact = textOf(property(dependency, 'name'));
    const version = textOf(property(dependency, 'version'));
    if (group === '' || artifact === '' || version === '') return [];
    const configurations = listOf(property(dependency, 'configurations')).map(textOf);
    const dev = configurations.length > 0 && configurations.every(isTest);
    return [{ name: `${group}:${artifact}`, version, ...(dev ? { dev: true } : {}) }];
  });
}
