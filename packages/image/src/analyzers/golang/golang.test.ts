// Go modules of programs, in both layouts of the linker, and of go.mod.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { buildElf } from '../executable/testing.ts';
import { analyzeFiles } from '../testing.ts';
import { golangAnalyzer } from './index.ts';
import { parseGoMod } from './parse-go-mod.ts';

const MODULES = [
  'path\texample.com/shop/cmd/shop',
  'mod\texample.com/shop\t(devel)\t',
  'dep\tgithub.com/BurntSushi/toml\tv1.2.0\th1:aaaa=',
  'dep\tgolang.org/x/net\tv0.1.0',
  '=>\tgithub.com/fork/net\tv0.2.0\th1:bbbb=',
  'dep\texample.com/local\tv0.0.0',
  '=>\t./local\t(devel)\t',
  'build\t-ldflags=-s -X example.com/shop/version.Version=v3.1.4',
  '',
].join('\n');
const wrapped = Buffer.concat([Buffer.alloc(16, 1), Buffer.from(MODULES), Buffer.alloc(16, 2)]);

const varint = (n: number): Buffer => Buffer.from(n < 128 ? [n] : [(n & 0x7f) | 0x80, n >> 7]);

function header(flags: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.write('\xff Go buildinf:', 'latin1');
  bytes[14] = 8;
  bytes[15] = flags;
  return bytes;
}

const inlineInfo = Buffer.concat([
  header(2),
  varint(8),
  Buffer.from('go1.22.1'),
  varint(wrapped.length),
  wrapped,
]);
const inlineElf = buildElf([{ name: '.go.buildinfo', content: inlineInfo, writable: true }]).bytes;

function pointerElf(): Buffer {
  const sections = [
    { name: '.rodata', content: Buffer.concat([Buffer.from('go1.17.13'), wrapped]) },
    { name: '.data', content: Buffer.alloc(32), writable: true },
    { name: '.go.buildinfo', content: header(0), writable: true },
  ];
  const layout = buildElf(sections);
  const [rodata, strings, info] = sections.map(({ content }) => content);
  assert.ok(rodata && strings && info);
  const text = layout.addressOf('.rodata');
  strings.writeBigUInt64LE(BigInt(text), 0);
  strings.writeBigUInt64LE(9n, 8);
  strings.writeBigUInt64LE(BigInt(text + 9), 16);
  strings.writeBigUInt64LE(BigInt(wrapped.length), 24);
  info.writeBigUInt64LE(BigInt(layout.addressOf('.data')), 16);
  info.writeBigUInt64LE(BigInt(layout.addressOf('.data') + 16), 24);
  return buildElf(sections).bytes;
}

function purlsOf(bytes: Buffer): readonly string[] {
  const result = golangAnalyzer.analyze({
    path: '/bin/shop',
    size: bytes.length,
    mode: 0o755,
    uid: 0,
    gid: 0,
    bytes,
  });
  if (result === undefined || 'problem' in result) return [];
  const found = [{ location: { path: '/bin/shop' }, value: result.value }];
  return golangAnalyzer.assemble(found).packages.map((p) => p.purl);
}

const LINKED = [
  'pkg:golang/example.com/shop@v3.1.4',
  'pkg:golang/github.com/burntsushi/toml@v1.2.0',
  'pkg:golang/github.com/fork/net@v0.2.0',
];

test('lists Go, the program and its modules after replacements', () => {
  assert.deepEqual(purlsOf(inlineElf), ['pkg:golang/stdlib@1.22.1', ...LINKED]);
});

test('reads the layout with pointers that Go had before 1.18', () => {
  assert.deepEqual(purlsOf(pointerElf()), ['pkg:golang/stdlib@1.17.13', ...LINKED]);
});

test('reads stripped programs from the text that the program itself keeps', () => {
  const start = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex');
  const end = Buffer.from('f932433186182072008242104116d8f2', 'hex');
  const rodata = Buffer.concat([Buffer.from('x\0go1.26.5\0y'), start, Buffer.from(MODULES), end]);
  const bytes = buildElf([
    { name: '.rodata', content: rodata },
    { name: '.gopclntab', content: Buffer.from('table') },
  ]).bytes;
  assert.deepEqual(purlsOf(bytes), ['pkg:golang/stdlib@1.26.5', ...LINKED]);
});

test('finds nothing in programs that Go did not link', () => {
  assert.deepEqual(
    purlsOf(buildElf([{ name: '.data', content: Buffer.from('C'), writable: true }]).bytes),
    [],
  );
});

test('never throws, whatever bytes of the build information are changed', () => {
  for (const bytes of [inlineElf, pointerElf()]) {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const broken = Buffer.from(bytes);
        for (const [at, value] of changes) broken[at] = value;
        purlsOf(broken);
      }),
      { numRuns: 300 },
    );
  }
});

test('reads go.mod with blocks, single lines, replacements and comments', () => {
  const text = `module example.com/shop
go 1.22
require (
\tgithub.com/A/b v1.0.0 // indirect
\tgolang.org/x/net v0.17.0
\texample.com/folder v1.0.0
)
require "example.com/single" v2.0.0+incompatible // used by main
exclude ( example.com/no v1.0.0
)
replace (
\tgolang.org/x/net v0.17.0 => golang.org/x/net v0.23.0
)
replace example.com/folder => ../folder
`;
  assert.deepEqual(parseGoMod(text), [
    { name: 'github.com/A/b', version: 'v1.0.0', direct: false },
    { name: 'golang.org/x/net', version: 'v0.23.0', direct: true },
    { name: 'example.com/single', version: 'v2.0.0+incompatible', direct: true },
  ]);
});

test('keeps the case of names for advisories and encodes versions in package URLs', () => {
  const { packages } = analyzeFiles(golangAnalyzer, {
    '/src/go.mod': 'require github.com/A/b v1.0.0+incompatible',
  });
  assert.equal(packages[0]?.name, 'github.com/A/b');
  assert.equal(packages[0]?.purl, 'pkg:golang/github.com/a/b@v1.0.0%2Bincompatible');
});

const DOCKER = '/usr/bin/docker';
test('says with which Go a real program was built', {
  skip: existsSync(DOCKER) ? false : 'no docker here',
}, () => {
  assert.match(purlsOf(readFileSync(DOCKER))[0] ?? '', /^pkg:golang\/stdlib@1\.\d+(\.\d+)?$/);
});
