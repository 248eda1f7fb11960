// When releases of distributions stop getting security fixes from those who publish the advisories. Long-term support
// that is free for everybody counts, extended and paid support does not. Each table names the page its dates are from;
// those of Debian and Ubuntu are held against Debian's own distro-info-data by a test.
import type { OsRelease } from '@guardcell/core';

export interface EndOfLife {
  /** Last day with fixes, `YYYY-MM-DD`. */
  readonly day: string;
  /** Where the publisher says so. */
  readonly source: string;
}

export interface LifeCycle {
  readonly source: string;
  /** By release, as `VERSION_ID` begins. */
  readonly ends: Readonly<Record<string, string>>;
}

export const LIFE_CYCLES: Readonly<Record<string, LifeCycle>> = {
  debian: {
    source: 'https://wiki.debian.org/LTS',
    ends: {
      '7': '2018-05-31',
      '8': '2020-06-30',
      '9': '2022-06-30',
      '10': '2024-06-30',
      '11': '2026-08-31',
      '12': '2028-06-30',
      '13': '2030-06-30',
    },
  },
  ubuntu: {
    source: 'https://ubuntu.com/about/release-cycle',
    ends: {
      '14.04': '2019-04-25',
      '16.04': '2021-04-30',
      '18.04': '2023-05-31',
      '20.04': '2025-05-29',
      '20.10': '2021-07-22',
      '21.04': '2022-01-20',
      '21.10': '2022-07-14',
      '22.04': '2027-06-01',
      '22.10': '2023-07-20',
      '23.04': '2024-01-25',
      '23.10': '2024-07-11',
      '24.04': '2029-05-31',
      '24.10': '2025-07-10',
      '25.04': '2026-01-15',
      '25.10': '2026-07-09',
      '26.04': '2031-05-29',
    },
  },
  alpine: {
    source: 'https://alpinelinux.org/releases/',
    ends: {
      '3.3': '2017-11-01',
      '3.4': '2018-05-01',
      '3.5': '2018-11-01',
      '3.6': '2019-05-01',
      '3.7': '2019-11-01',
      '3.8': '2020-05-01',
      '3.9': '2020-11-01',
      '3.10': '2021-05-01',
      '3.11': '2021-11-01',
      '3.12': '2022-05-01',
      '3.13': '2022-11-01',
      '3.14': '2023-05-01',
      '3.15': '2023-11-01',
      '3.16': '2024-05-23',
      '3.17': '2024-11-22',
      '3.18': '2025-05-09',
      '3.19': '2025-11-01',
      '3.20': '2026-04-01',
      '3.21': '2026-11-01',
      '3.22': '2027-05-01',
      '3.23': '2027-11-01',
    },
  },
  almalinux: {
    source: 'https://wiki.almalinux.org/release-notes/',
    ends: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
  },
  rocky: {
    source: 'https://wiki.rockylinux.org/rocky/version/',
    ends: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  },
  centos: {
    source: 'https://www.centos.org/centos-linux-eol/',
    ends: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31', '9': '2027-05-31' },
  },
  rhel: {
    source: 'https://access.redhat.com/support/policy/updates/errata',
    ends: {
      '6': '2020-11-30',
      '7': '2024-06-30',
      '8': '2029-05-31',
      '9': '2032-05-31',
      '10': '2035-05-31',
    },
  },
  ol: {
    source: 'https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf',
    ends: { '6': '2021-03-31', '7': '2024-12-31', '8': '2029-07-31', '9': '2032-06-30' },
  },
  amzn: {
    source: 'https://docs.aws.amazon.com/linux/',
    ends: { '1': '2023-12-31', '2018': '2023-12-31', '2': '2026-06-30', '2023': '2029-06-30' },
  },
  'opensuse-leap': {
    source: 'https://en.opensuse.org/Lifetime',
    ends: {
      '42.3': '2019-07-01',
      '15.0': '2019-12-03',
      '15.1': '2021-02-02',
      '15.2': '2022-01-04',
      '15.3': '2022-12-31',
      '15.4': '2023-12-07',
      '15.5': '2024-12-31',
      '15.6': '2026-04-30',
      '16.0': '2027-10-31',
    },
  },
  // Service packs end one by one: there is no date for a whole release.
  sles: {
    source: 'https://www.suse.com/lifecycle',
    ends: {
      '12.4': '2020-06-30',
      '12.5': '2024-10-31',
      '15.1': '2021-01-31',
      '15.2': '2021-12-31',
      '15.3': '2022-12-31',
      '15.4': '2023-12-31',
      '15.5': '2024-12-31',
    },
  },
};

/** Undefined for releases that are not in the tables or never end. */
export function endOfLife(os: OsRelease): EndOfLife | undefined {
  const cycle = Object.hasOwn(LIFE_CYCLES, os.id) ? LIFE_CYCLES[os.id] : undefined;
  if (cycle === undefined) return undefined;
  const [first = '', second] = os.versionId.split('.');
  const keys = [os.versionId, second === undefined ? first : `${first}.${second}`, first];
  const found = keys.find((key) => Object.hasOwn(cycle.ends, key));
  const day = found === undefined ? undefined : cycle.ends[found];
  return day === undefined ? undefined : { day, source: cycle.source };
}
