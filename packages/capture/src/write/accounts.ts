// Users and groups from the text of /etc/passwd and /etc/group.
import type { GroupEntry, UserEntry } from './snapshot.ts';

/** More accounts than this do not belong into a capture. */
const ACCOUNTS_MAX = 10_000;

function lines(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(0, ACCOUNTS_MAX)
    .map((line) => line.split(':'));
}

function id(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Lines that make no sense are left out. */
export function parseUsers(text: string): UserEntry[] {
  return lines(text).flatMap(([name = '', , uidText, gidText, , home = '', shell = '']) => {
    const uid = id(uidText);
    const gid = id(gidText);
    return name === '' || uid === undefined || gid === undefined ? [] : [{ name, uid, gid, home, shell }];
  });
}

export function parseGroups(text: string): GroupEntry[] {
  return lines(text).flatMap(([name = '', , gidText]) => {
    const gid = id(gidText);
    return name === '' || gid === undefined ? [] : [{ name, gid }];
  });
}
