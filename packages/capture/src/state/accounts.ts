// Users and groups that the capture lists, and the network addresses of its host.

export interface UserAccount {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

const MAX_ACCOUNTS = 131_072;
const MAX_TEXT = 256;
const HOST = '';

/** Accounts of the host (container '') and of containers, by the first 12 digits of their id. */
export class Accounts {
  readonly #users = new Map<string, UserAccount>();
  readonly #groups = new Map<string, string>();

  clear(): void {
    this.#users.clear();
    this.#groups.clear();
  }

  user(uid: number, container: string): UserAccount | undefined {
    return this.#users.get(key(uid, container));
  }

  group(gid: number, container: string): string | undefined {
    return this.#groups.get(key(gid, container));
  }

  addUser(uid: number, account: UserAccount, container = HOST): void {
    if (this.#users.size >= MAX_ACCOUNTS) return;
    const { name, home, shell } = account;
    this.#users.set(key(uid, container), { name: short(name), home: short(home), shell: short(shell) });
  }

  addGroup(gid: number, name: string, container = HOST): void {
    if (this.#groups.size < MAX_ACCOUNTS) this.#groups.set(key(gid, container), short(name));
  }

  removeUser(uid: number, container: string): void {
    this.#users.delete(key(uid, container));
  }

  removeGroup(gid: number, container: string): void {
    this.#groups.delete(key(gid, container));
  }
}

function short(text: string): string {
  return text.slice(0, MAX_TEXT);
}

/** -1 and its unsigned form are one id. */
function key(id: number, container: string): string {
  return `${id >>> 0} ${container.slice(0, 12)}`;
}
