// The order of ids in lists of state: by UTF-8 bytes, which is what every engine can do alike.

export const DEFAULT_LIST_LIMIT = 1000;

export function compareIds(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
