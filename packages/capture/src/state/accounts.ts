// Users and groups that the capture lists, and the network addresses of its host.

export interface UserAccount {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

const MAX_ACCOUNTS = 131_072;

export class Accounts {
  readonly #users = new Map<number, UserAccount>();
  readonly #groups = new Map<number, string>();

  clear(): void {
    this.#users.clear();
    this.#groups.clear();
  }

  user(uid: number): UserAccount | undefined {
    return this.#users.get(uid);
  }

  group(gid: number): string | undefined {
    return this.#groups.get(gid);
  }

  addUser(uid: number, account: UserAccount): void {
    if (this.#users.size < MAX_ACCOUNTS) this.#users.set(uid, account);
  }

  addGroup(gid: number, name: string): void {
    if (this.#groups.size < MAX_ACCOUNTS) this.#groups.set(gid, name);
  }

  removeUser(uid: number): void {
    this.#users.delete(uid);
  }

  removeGroup(gid: number): void {
    this.#groups.delete(gid);
  }
}
