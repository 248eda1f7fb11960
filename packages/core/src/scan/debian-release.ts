// Debian's code names and the numbers that /etc/os-release gives.

const NUMBERS: Readonly<Record<string, string>> = {
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

/** `bookworm` → `12`, `bookworm-security` too; `sid` has no number. Undefined for names that are no release. */
export function debianNumber(codename: string): string | undefined {
  const release = codename.replace(/-(?:security|lts|backports)$/, '');
  return Object.hasOwn(NUMBERS, release) ? NUMBERS[release] : undefined;
}
