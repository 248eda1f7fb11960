// Readers of ELF, PE and Mach-O headers, on real and hostile files.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { heldContent } from '../../content/file-content.ts';
import { bytesAt, sectionContent, sectionNamed } from './executable-image.ts';
import { readExecutable, wantsExecutable } from './read-executable.ts';
import { buildElf } from './testing.ts';

const elf = buildElf([
  { name: '.rodata', content: Buffer.from('read only') },
  { name: '.data', content: Buffer.from('changes'), writable: true },
]);

test('gives sections by name, and bytes by address', () => {
  const image = readExecutable(heldContent(elf.bytes));
  const section = image && sectionNamed(image, '.data');
  assert.ok(image && section);
  assert.equal(sectionContent(image, section).read(0, 100).toString(), 'changes');
  assert.equal(section.writable, true);
  assert.equal(sectionNamed(image, '.rodata')?.writable, false);
  assert.equal(bytesAt(image, elf.addressOf('.rodata'), 4)?.toString(), 'read');
  assert.equal(bytesAt(image, 0, 4), undefined);
});

test('reads a Windows program', () => {
  const pe = Buffer.alloc(0x400);
  pe.write('MZ');
  pe.writeUInt32LE(0x80, 0x3c);
  pe.write('PE\0\0', 0x80, 'latin1');
  pe.writeUInt16LE(1, 0x86);
  pe.writeUInt16LE(0xf0, 0x94);
  pe.writeUInt16LE(0x20b, 0x98);
  pe.writeBigUInt64LE(0x140000000n, 0x98 + 24);
  const entry = 0x98 + 0xf0;
  pe.write('.data', entry);
  pe.writeUInt32LE(0x1000, entry + 12);
  pe.writeUInt32LE(0x100, entry + 16);
  pe.writeUInt32LE(0x300, entry + 20);
  pe.writeUInt32LE(0xc0000040, entry + 36);
  const image = readExecutable(heldContent(pe));
  assert.deepEqual(image?.sections, [
    { name: '.data', address: 0x140001000, size: 0x100, offset: 0x300, writable: true },
  ]);
});

test('reads a macOS program', () => {
  const macho = Buffer.alloc(0x200);
  macho.writeUInt32LE(0xfeedfacf, 0);
  macho.writeUInt32LE(1, 16);
  macho.writeUInt32LE(0x19, 32);
  macho.writeUInt32LE(72 + 80, 36);
  macho.write('__DATA', 40);
  macho.writeBigUInt64LE(0x1000n, 56);
  macho.writeBigUInt64LE(0x100n, 72);
  macho.writeBigUInt64LE(0x100n, 80);
  macho.writeUInt32LE(3, 92);
  macho.writeUInt32LE(1, 96);
  macho.write('__go_buildinfo', 104);
  macho.writeBigUInt64LE(0x1010n, 136);
  macho.writeBigUInt64LE(0x20n, 144);
  macho.writeUInt32LE(0x110, 152);
  const image = readExecutable(heldContent(macho));
  assert.deepEqual(image?.sections, [
    { name: '__go_buildinfo', address: 0x1010, size: 0x20, offset: 0x110, writable: true },
  ]);
  assert.equal(image?.segments[0]?.name, '__DATA');
});

test('never throws, and gives no stretch outside of the file, for changed and cut headers', () => {
  const change = fc.tuple(fc.nat(elf.bytes.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 10 }),
      fc.nat(elf.bytes.length),
      (changes, cut) => {
        const broken = Buffer.from(elf.bytes);
        for (const [at, value] of changes) if (at > 3) broken[at] = value;
        for (const bytes of [broken, broken.subarray(0, cut)]) {
          const image = readExecutable(heldContent(bytes));
          for (const { offset, size } of [...(image?.sections ?? []), ...(image?.segments ?? [])]) {
            assert.ok(offset >= 0 && size > 0 && offset + size <= bytes.length);
          }
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('never throws for random bytes behind each of the magic numbers', () => {
  const magic = fc.constantFrom(
    '7f454c460201',
    '7f454c460102',
    '4d5a',
    'cffaedfe',
    'cefaedfe',
    'cafebabe00000001',
  );
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 400 }), (start, rest) => {
      readExecutable(heldContent(Buffer.concat([Buffer.from(start, 'hex'), rest])));
    }),
    { numRuns: 1000 },
  );
});

test('asks for programs by mode, size and name', () => {
  const entry = { path: '/usr/bin/x', size: 10_000, mode: 0o755, uid: 0, gid: 0 };
  assert.equal(wantsExecutable(entry), true);
  assert.equal(wantsExecutable({ ...entry, mode: 0o644 }), false);
  assert.equal(wantsExecutable({ ...entry, mode: 0o644, path: '/app/x.exe' }), true);
  assert.equal(wantsExecutable({ ...entry, size: 100 }), false);
  assert.equal(wantsExecutable({ ...entry, path: '/usr/bin/x.py' }), false);
  assert.equal(wantsExecutable({ ...entry, path: '/proc/1/exe' }), false);
  assert.equal(wantsExecutable({ ...entry, link: 'y' }), false);
});

const REAL = '/usr/bin/bash';
test('finds the sections of a real program', { skip: existsSync(REAL) ? false : 'no bash here' }, () => {
  const image = readExecutable(heldContent(readFileSync(REAL)));
  assert.ok(image && sectionNamed(image, '.rodata') && sectionNamed(image, '.dynstr'));
});
