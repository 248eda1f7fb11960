// Kinds of descriptors by letter and by name.
import type { FdTypeChar } from '@guardcell/core';

const TYPE_NAMES: Readonly<Record<FdTypeChar, string>> = {
  f: 'file',
  d: 'directory',
  '4': 'ipv4',
  '6': 'ipv6',
  u: 'unix',
  p: 'pipe',
  e: 'event',
  s: 'signalfd',
  l: 'eventpoll',
  i: 'inotify',
  t: 'timerfd',
  b: 'bpf',
  r: 'io_uring',
  m: 'memfd',
  P: 'pidfd',
  n: 'netlink',
  o: 'other',
};

/** `ipv4` for `4`, as fd.type shows it. */
export function typeName(letter: FdTypeChar): string {
  return TYPE_NAMES[letter];
}
