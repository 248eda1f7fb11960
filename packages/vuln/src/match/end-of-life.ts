// When releases of distributions stop getting security fixes from those who publish the advisories: dates are facts
// from the projects' own life-cycle pages; extended and paid support is left out, long-term support by the project in.
import type { OsRelease } from '@guardcell/core';

const DATES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '7': '2018-05-31',
    '8': '2020-06-30',
    '9': '2022-06-30',
    '10': '2024-06-30',
    '11': '2026-08-31',
    '12': '2028-06-30',
    '13': '2030-06-30',
  },
  ubuntu: {
    '14.04': '2019-04-25',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '20.04': '2025-05-31',
    '22.04': '2027-04-01',
    '22.10': '2023-07-20',
    '23.04': '2024-01-25',
    '23.10': '2024-07-11',
    '24.04': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-15',
  },
  alpine: {
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
  },
  almalinux: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
  rocky: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  centos: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
  rhel: { '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  ol: { '6': '2021-03-31', '7': '2024-12-31', '8': '2029-07-31', '9': '2032-06-30' },
  amzn: { '1': '2023-12-31', '2018': '2023-12-31', '2': '2026-06-30', '2023': '2029-06-30' },
  'opensuse-leap': { '15.3': '2022-12-31', '15.4': '2023-12-07', '15.5': '2024-12-31', '15.6': '2026-04-30' },
  photon: { '1.0': '2022-02-28', '2.0': '2022-12-31', '3.0': '2024-03-01' },
};

/** Last day with fixes, `YYYY-MM-DD`; undefined for releases that are not in the table or never end. */
export function endOfLife(os: OsRelease): string | undefined {
  const releases = Object.hasOwn(DATES, os.id) ? DATES[os.id] : undefined;
  const [first = '', second] = os.versionId.split('.');
  const keys = [os.versionId, second === undefined ? first : `${first}.${second}`, first];
  const found = keys.find((key) => releases !== undefined && Object.hasOwn(releases, key));
  return found === undefined ? undefined : releases?.[found];
}
