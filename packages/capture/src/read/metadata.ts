// Metadata blocks: machine, processes, descriptors, accounts, interfaces as they were when the capture began.
import { AF_INET, AF_INET6, addressText } from '@guardcell/core';
import type { MetadataBlock } from '../format/blocks.ts';
import type { World } from '../state/world.ts';
import type { Cursor } from './cursor.ts';
import { readFdList } from './fd-list.ts';
import { readProcessList } from './process-list.ts';

const HOSTNAME_BYTES = 128;
const MAX_ADDRESSES = 16_384;
const USER = 0;
const GROUP = 1;

/** Takes over what a metadata block says. Throws a CaptureError when its lengths contradict each other. */
export function readMetadata(block: MetadataBlock, body: Cursor, world: World): void {
  switch (block.kind) {
    case 'machine':
      return readMachine(body, world);
    case 'processes':
      return readProcessList(body, block.version, world);
    case 'descriptors':
      return readFdList(body, block.version, world);
    case 'interfaces':
      return readInterfaces(body, block.version, world);
    case 'users':
      return readAccounts(body, block.version, world);
  }
}

function readMachine(body: Cursor, world: World): void {
  body.skip(4 + 8 + 8);
  const name = body.bytes(HOSTNAME_BYTES);
  const end = name.indexOf(0);
  world.hostname = name.toString('utf8', 0, end < 0 ? HOSTNAME_BYTES : end);
  if (body.remaining >= 8) world.bootTimeNs = body.big();
}

function readInterfaces(body: Cursor, version: 1 | 2, world: World): void {
  // The block is padded with up to three bytes.
  while (body.remaining >= 4) {
    // This length does not count itself.
    const entry = version === 2 ? body.part(body.u32()) : body;
    const type = entry.u16();
    const nameLength = entry.u16();
    const isV4 = type === 1 || type === 3;
    if (!isV4 && type !== 2 && type !== 4) {
      if (version === 1) return;
      continue;
    }
    const width = isV4 ? 4 : 16;
    const address = entry.bytes(width);
    entry.skip(2 * width);
    if (type <= 2) entry.skip(8);
    entry.skip(nameLength);
    if (world.localAddresses.size < MAX_ADDRESSES)
      world.localAddresses.add(addressText(address, 0, isV4 ? AF_INET : AF_INET6));
  }
}

function readAccounts(body: Cursor, version: 1 | 2, world: World): void {
  while (body.remaining >= 4) {
    // This length counts itself.
    const entry = version === 2 ? body.part(Math.max(body.u32() - 4, 0)) : body;
    const kind = entry.u8();
    if (kind === USER) {
      const uid = entry.u32();
      entry.skip(4);
      world.accounts.addUser(uid, { name: entry.text(), home: entry.text(), shell: entry.text() });
    } else if (kind === GROUP) {
      const gid = entry.u32();
      world.accounts.addGroup(gid, entry.text());
    } else if (version === 1) {
      entry.fail(`an account of unknown kind ${kind}`);
    }
  }
}
