// Debian's code names and the numbers that /etc/os-release gives.

const RELEASES: Readonly<Record<string, string>> = {
  woody: '3.0',
  sarge: '3.1',
  etch: '4',
  lenny: '5',
  squeeze: '6',
  wheezy: '7',
  jessie: '8',
  stretch: '9',
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
  forky: '14',
  duke: '15',
  sid: 'sid',
};

/** `bookworm` → `Debian:12`; undefined for names that are no release. */
export function debianEcosystem(codename: string): string | undefined {
  const number = RELEASES[codename.replace(/-(?:security|lts|backports)$/, '')];
  return number === undefined ? undefined : `Debian:${number}`;
}
