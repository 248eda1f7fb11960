// Which ecosystem Debian's feeds speak of when they name a release.
import { debianNumber } from '@guardcell/core';

/** `bookworm` → `Debian:12`; undefined for names that are no release. */
export function debianEcosystem(codename: string): string | undefined {
  const number = debianNumber(codename);
  return number === undefined ? undefined : `Debian:${number}`;
}
