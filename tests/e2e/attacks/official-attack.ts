// What an attack on an official rule is: a script that must make the rule fire, and a harmless twin that must not.

/** What a machine may lack; `machine-needs.ts` finds out. */
export type MachineNeed =
  | 'loadable kernel modules'
  | 'privileged containers'
  | 'loop devices'
  | 'userfaultfd';

export interface OfficialAttack {
  /** Name of the official rule. */
  readonly rule: string;
  /**
   * `container`: `sh` runs under busybox in a container of its own, without network but with a loopback device.
   * `host`: `sh` runs under `/bin/sh` in a mount namespace of its own; `$DIR`, also its working directory, is removed
   * afterwards.
   */
  readonly where: 'container' | 'host';
  /** Further arguments of `docker run`. */
  readonly runArgs?: readonly string[];
  readonly sh: string;
  readonly benign: string;
  /** Of the benign twin, where they differ. */
  readonly benignRunArgs?: readonly string[];
  readonly needs?: MachineNeed;
  /** Output fields that have no value in this attack, because there is nothing that they could say. */
  readonly absent?: readonly string[];
}

/** Quotes a text for a POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A perl one-liner as a shell command; perl makes raw system calls without a compiler. */
export function perl(program: string, executable = 'perl'): string {
  return `${executable} -e ${shellQuoted(program)}`;
}
