// Which capabilities of a file matter: those that lead to the rights of root, or out of a container. Spec: capabilities(7).
import type { FileFact } from './facts.ts';

const POWERFUL: ReadonlyMap<number, string> = new Map([
  [0, 'cap_chown'],
  [1, 'cap_dac_override'],
  [2, 'cap_dac_read_search'],
  [3, 'cap_fowner'],
  [6, 'cap_setgid'],
  [7, 'cap_setuid'],
  [12, 'cap_net_admin'],
  [16, 'cap_sys_module'],
  [17, 'cap_sys_rawio'],
  [18, 'cap_sys_chroot'],
  [19, 'cap_sys_ptrace'],
  [21, 'cap_sys_admin'],
  [27, 'cap_mknod'],
  [31, 'cap_setfcap'],
  [32, 'cap_mac_override'],
  [33, 'cap_mac_admin'],
  [38, 'cap_perfmon'],
  [39, 'cap_bpf'],
]);
/** Forges packets of others on the same network; more is not in reach of it. */
const MINOR: ReadonlyMap<number, string> = new Map([[13, 'cap_net_raw']]);

type Facts = Pick<FileFact, 'capabilities'>;

function named({ capabilities = [] }: Facts, names: ReadonlyMap<number, string>): readonly string[] {
  return capabilities.flatMap((number) => names.get(number) ?? []);
}

/** Names of those by which a program gets rights like root's. */
export function powerfulCapabilities(fact: Facts): readonly string[] {
  return named(fact, POWERFUL);
}

/** Whether it has any that a check tells of. */
export function hasCapabilities(fact: Facts): boolean {
  return named(fact, POWERFUL).length > 0 || named(fact, MINOR).length > 0;
}

/** Numbers of names that are known here. */
export function capabilitiesOfText(text: string): readonly number[] {
  const wanted = new Set(text.split(','));
  return [...POWERFUL, ...MINOR].flatMap(([number, name]) => (wanted.has(name) ? [number] : []));
}
