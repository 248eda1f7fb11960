// Folders of a host in which container runtimes keep images: they are scanned as images, not as files of the host.

/** What lies below these names belongs to the store whose root is right above. */
const WITHIN_STORE = /^(\/.+?)\/(?:overlay2|overlay|io\.containerd\.snapshotter\.v1\.[^/]+)\//;

/**
 * Roots of stores that running containers use, wherever somebody has put them.
 * @param mounts text of /proc/self/mountinfo
 */
export function imageStores(mounts: string): ReadonlySet<string> {
  const stores = new Set<string>();
  for (const line of mounts.split('\n')) {
    const [, what = ''] = line.split(' - ');
    if (!what.startsWith('overlay ')) continue;
    const upper = /[ ,]upperdir=([^,\s]+)/.exec(what)?.[1];
    const store = upper === undefined ? undefined : WITHIN_STORE.exec(upper)?.[1];
    if (store !== undefined) stores.add(store.replaceAll('\\040', ' '));
  }
  return stores;
}
