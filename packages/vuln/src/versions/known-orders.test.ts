// Pairs that the ecosystems' own specifications and documentation decide, and the laws that every order keeps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERSION_SCHEMES, type VersionScheme } from '@guardcell/core';
import fc from 'fast-check';
import { compareVersions, isVersion } from './registry.ts';

interface Known {
  /** Each list ascends strictly; every pair of it is checked, both ways. */
  readonly ascending: readonly (readonly string[])[];
  readonly equal: readonly (readonly [string, string])[];
  readonly invalid: readonly string[];
}

const SEMVER_CHAIN = [
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '2.0.0',
  '2.1.0',
  '2.1.1',
];
const SEMVER_EQUAL = [
  ['1.0.0', '1.0.0+build.5'],
  ['1.0.0+a', '1.0.0+b'],
  ['v1.2.3', '1.2.3'],
  ['1.2', '1.2.0'],
] as const;
const SEMVER_INVALID = ['', 'latest', '1.2.3.4', '1.0.0-', '1.0.0+', '1..0', '1.0.0-a..b'];

const KNOWN: Readonly<Record<VersionScheme, Known>> = {
  deb: {
    ascending: [
      ['1.0~~', '1.0~~a', '1.0~', '1.0', '1.0a'],
      ['1.0~beta1~svn1245', '1.0~beta1', '1.0'],
      ['1.0-1', '1.0-1+b1', '1.0-1.1', '1.0-2', '1.0-10'],
      ['9.9', '10.0', '1:0.1', '2:0'],
      ['1.2.3-4', '1.2.3-4ubuntu1', '1.2.3-4+deb12u1', '1.2.3-4+deb12u2', '1.2.3-5'],
      ['7.6-0', '7.6p2-4'],
      ['1.0-3', '1.0.3-3'],
      ['1.1.2+dfsg-2~bpo9+1', '1.1.2+dfsg-2'],
      ['2.36-9+deb12u4', '2.36-9+deb12u10'],
      ['0.5.0~git', '0.5.0~git2', '0.5.0'],
      ['2a', '21'],
    ],
    equal: [
      ['0:1.0-1', '1.0-1'],
      ['1.0', '1.0-0'],
      ['1.002', '1.2'],
      ['1.0-01', '1.0-1'],
    ],
    invalid: ['', 'abc', '1.0-', 'a:1.0', '1.0 2', '1.0_ü', ':1.0', '1:a', '1.2:3'],
  },
  apk: {
    ascending: [
      [
        '1.0_alpha',
        '1.0_alpha1',
        '1.0_beta',
        '1.0_pre',
        '1.0_rc',
        '1.0_rc2',
        '1.0',
        '1.0_cvs',
        '1.0_svn',
        '1.0_git',
        '1.0_hg',
        '1.0_p',
        '1.0_p1',
      ],
      ['1.0', '1.0-r0', '1.0-r1', '1.0-r10', '1.0a', '1.0b', '1.0.0', '1.0.1', '1.1'],
      ['1.2.9', '1.2.10', '1.10.0', '2.0'],
      ['2.00.05', '2.05', '2.5', '2.10'],
      ['0.12.0_rc2', '0.12.0'],
      ['3.1.4-r5', '3.1.4-r6', '3.1.5-r0'],
      ['1.3_alpha_p1', '1.3'],
      ['6.0_pre1', '6.0', '6.0_p1', '6.0_p12'],
    ],
    equal: [['1.0-r1', '1.0-r01']],
    invalid: ['', 'abc', '1.0_foo', '1.0-1', '1..0', '1.0-r', 'v1.0', '1.0_rc1x'],
  },
  rpm: {
    ascending: [
      ['1.0~rc1', '1.0~rc1^git1', '1.0', '1.0^', '1.0^git1', '1.0^git2', '1.0.1'],
      ['1.0~~', '1.0~', '1.0', '1.0^20160101', '1.0.1'],
      ['5.5p1', '5.5p2', '5.5p10'],
      ['xyz.4', '8', '10'],
      ['2.0', '2.0.1'],
      ['2.0.1', '2.0.1a'],
      ['6.0', '6.0.rc1'],
      ['10a1', '10b2'],
      ['1.0a', '1.0aa', '1.0.1'],
      ['7.4.629-3.el8', '7.4.629-5.el8'],
      ['3.0.7-24.el9', '3.0.7-25.el9_3', '1:1.0-1.el9'],
      ['1.1.1k-9.el8_7', '1:1.1.1k-7.el8_6', '1:1.1.1k-9.el8_7'],
    ],
    equal: [
      ['2.0.1', '2_0_1'],
      ['1.0', '1.0.'],
      ['0:1.0-1', '1.0-1'],
      ['(none):1.0-1', '1.0-1'],
      ['20101121', '20101121'],
      ['1.01', '1.1'],
    ],
    invalid: ['', '1.0 2', '1:2:3', '1.0-1-1', '---', '~'],
  },
  semver: { ascending: [SEMVER_CHAIN, ['1.0.0--', '1.0.0']], equal: SEMVER_EQUAL, invalid: SEMVER_INVALID },
  npm: {
    ascending: [SEMVER_CHAIN, ['1.2.3beta', '1.2.3'], ['1.2.3-R2', '1.2.3-r100']],
    equal: [...SEMVER_EQUAL, ['1.2.3beta', '1.2.3-beta'], ['=1.2.3', '1.2.3']],
    invalid: SEMVER_INVALID,
  },
  cargo: { ascending: [SEMVER_CHAIN], equal: SEMVER_EQUAL, invalid: SEMVER_INVALID },
  hex: { ascending: [SEMVER_CHAIN], equal: SEMVER_EQUAL, invalid: SEMVER_INVALID },
  pub: {
    ascending: [
      SEMVER_CHAIN,
      ['1.0.0', '1.0.0+1', '1.0.0+1.a', '1.0.0+2', '1.0.1'],
      ['1.0.0-a', '1.0.0-a+1', '1.0.0'],
    ],
    equal: [['1.2', '1.2.0']],
    invalid: SEMVER_INVALID,
  },
  golang: {
    ascending: [
      SEMVER_CHAIN.map((version) => `v${version}`),
      ['v0.0.0-20190308221718-c2843e01d9a2', 'v0.0.0-20191109021931-daa7c04131f5', 'v0.0.1'],
      ['v1.2.3', 'v1.2.4-0.20191109021931-daa7c04131f5', 'v1.2.4'],
      ['v1.2.3-pre', 'v1.2.3-pre.0.20191109021931-daa7c04131f5', 'v1.2.3'],
      ['go1.20.14', 'go1.21rc2', 'go1.21rc10', 'go1.21.0', 'go1.21.1', 'go1.22'],
    ],
    equal: [
      ['v2.0.0+incompatible', 'v2.0.0'],
      ['v1.2.3', '1.2.3'],
      ['go1.21.3', '1.21.3'],
      ['go1.21.3 X:boringcrypto', '1.21.3'],
      ['1.21.0-rc.2', 'go1.21rc2'],
      ['1.21rc2', 'go1.21rc2'],
      ['go1.19.8-debian', '1.19.8'],
    ],
    invalid: ['', '(devel)', 'v', 'latest', 'go', 'v1.2.3.4'],
  },
  pep440: {
    ascending: [
      [
        '1.dev0',
        '1.0.dev456',
        '1.0a1',
        '1.0a2.dev456',
        '1.0a12.dev456',
        '1.0a12',
        '1.0b1.dev456',
        '1.0b2',
        '1.0b2.post345.dev456',
        '1.0b2.post345',
        '1.0rc1.dev456',
        '1.0rc1',
        '1.0',
        '1.0+abc.5',
        '1.0+abc.7',
        '1.0+5',
        '1.0.post456.dev34',
        '1.0.post456',
        '1.0.15',
        '1.1.dev1',
      ],
      ['2013.10', '2014.4', '1!1.0', '1!1.1', '1!2.0'],
      ['0.9', '0.9.1', '0.9.2', '0.9.10', '1.0'],
      ['1.0', '1.0+local', '1.0.1'],
    ],
    equal: [
      ['1.0', '1.0.0'],
      ['1.1RC1', '1.1rc1'],
      ['1.1.a1', '1.1a1'],
      ['1.1-alpha_1', '1.1a1'],
      ['1.0-1', '1.0.post1'],
      ['1.0.r4', '1.0.post4'],
      ['1.2a', '1.2a0'],
      ['v1.0', '1.0'],
      ['1.0c1', '1.0rc1'],
      ['1.0+ubuntu-1', '1.0+ubuntu.1'],
      ['00001.0', '1.0'],
    ],
    invalid: ['', 'abc', '1.0-foo', '1.0+', '1..0', '1.0.dev-x', 'french toast', '1.0+a+b'],
  },
  maven: {
    ascending: [
      [
        '1-alpha2snapshot',
        '1-alpha2',
        '1-alpha-123',
        '1-beta-2',
        '1-beta123',
        '1-m2',
        '1-m11',
        '1-rc',
        '1-cr2',
        '1-rc123',
        '1-SNAPSHOT',
        '1',
        '1-sp',
        '1-sp2',
        '1-sp123',
        '1-abc',
        '1-def',
        '1-pom-1',
        '1-1-snapshot',
        '1-1',
        '1-2',
        '1-123',
      ],
      [
        '2.0',
        '2.0.a',
        '2-1',
        '2.0.2',
        '2.0.123',
        '2.1.0',
        '2.1-a',
        '2.1b',
        '2.1-c',
        '2.1-1',
        '2.1.0.1',
        '2.2',
        '2.123',
        '11.a2',
        '11.a11',
        '11.b2',
        '11.b11',
        '11.m2',
        '11.m11',
        '11',
        '11.a',
        '11b',
        '11c',
        '11m',
      ],
      ['1-snapshot', '1', '1-sp'],
      ['1-foo2', '1-foo10'],
      ['1.foo', '1-1', '1.1'],
      ['1-ga.1', '1-sp.1'],
      ['1-sp-1', '1-ga-1'],
      ['2.9.10.7', '2.9.10.8', '2.10.0.pr1'],
      ['5.3.0.RC1', '5.3.0.RELEASE', '5.3.1.RELEASE'],
      ['4.1.68.Final', '4.1.100.Final'],
    ],
    equal: [
      ['1', '1.0'],
      ['1', '1.0.0'],
      ['1', '1-0'],
      ['1.ga', '1-ga'],
      ['1-ga', '1'],
      ['1.0.0.Final', '1'],
      ['1.foo', '1-foo'],
      ['1-a1', '1-alpha-1'],
      ['1-b2', '1-beta-2'],
      ['1-m3', '1-milestone-3'],
      ['1cr', '1rc'],
      ['1X', '1x'],
      ['1.0.0x', '1-x'],
      ['1-0.ga', '1.0'],
      ['1.RELEASE', '1'],
    ],
    invalid: ['', 'RELEASE', '${project.version}', '[1.0,2.0)', '1 0'],
  },
  gem: {
    ascending: [
      ['1.0.a.2', '1.0.b1', '1.0', '1.0.1', '1.9', '1.10'],
      ['1.8.2.a10', '1.8.2.b', '1.8.2'],
      ['1.0.0.pre', '1.0.0.rc1', '1.0.0'],
      ['3.a', '3.a.1', '3'],
      ['1.0.0-1', '1.0.0'],
      ['7.0.8', '7.0.8.1', '7.0.9'],
    ],
    equal: [
      ['1.0', '1'],
      ['1.0.0', '1'],
      ['1.a', '1.0.a'],
      ['1.0.pre', '1.pre'],
      ['1-2', '1.pre.2'],
    ],
    invalid: [
      '',
      'junk',
      '1.0\n2.0',
      '1..2',
      '1.2 3.4',
      '2.3422222.222.222222222.22222.ads0as.dasd0.ddd2222.2.qd3e.',
    ],
  },
  composer: {
    ascending: [
      [
        '1.0-dev',
        '1.0.0-alpha',
        '1.0.0-alpha2',
        '1.0.0-beta1-dev',
        '1.0.0-beta1',
        '1.0.0-RC1',
        '1.0.0',
        '1.0.0-p1',
        '1.0.0-patch2',
        '1.0.1',
      ],
      ['1.9', '1.10', '1.x-dev', '2.0-dev', '2.0'],
      ['2010.01.02', '20100102-203040'],
    ],
    equal: [
      ['v1.0', '1.0.0.0'],
      ['1.0b2', '1.0.0-beta2'],
      ['1.0.0-pl3', '1.0.0-p3'],
      ['1.0.0-stable', '1.0.0'],
      ['1.0.0+build', '1.0.0'],
      ['1.0RC1', '1.0.0-rc.1'],
    ],
    invalid: ['', 'dev-main', 'a', '1.0.0-meh', '1.0 .2', 'feature-foo'],
  },
  nuget: {
    ascending: [
      [
        '1.0.1-aaa',
        '1.0.1-alpha',
        '1.0.1-alpha.2',
        '1.0.1-alpha.10',
        '1.0.1-beta',
        '1.0.1-rc',
        '1.0.1-zzz',
        '1.0.1',
      ],
      ['1.0.0', '1.0.0.1', '1.0.1'],
      ['4.3.0', '4.3.1', '13.0.1'],
    ],
    equal: [
      ['1.0', '1.0.0.0'],
      ['1.01.1', '1.1.1'],
      ['1.0.0-Alpha', '1.0.0-alpha'],
      ['1.0.7+r3456', '1.0.7'],
    ],
    invalid: ['', '1.2.3.4.5', 'abc', '1.0.0-', '1.0.0-a..b'],
  },
  conan: {
    ascending: [
      ['1.0-pre', '1.0', '1.0.1', '1.1', '1.10', '2'],
      ['1.1.1', '1.1.1a', '1.1.1k', '1.1.2'],
      ['1.0', '1.0+1', '1.0+2'],
      ['1.9', '1.10', '1.cci.20200101'],
    ],
    equal: [
      ['1', '1.0.0'],
      ['1.0-PRE', '1.0-pre'],
    ],
    invalid: ['', 'system', '1.0 2', '[>=1.0]'],
  },
  generic: {
    ascending: [
      ['1.0-alpha1', '1.0-beta1', '1.0rc1', '1.0'],
      ['1.1.1', '1.1.1k', '1.1.1l', '1.1.2'],
      ['1.8.0_292', '1.8.0_302', '11.0.2+9', '17'],
      ['9.9', '9.10'],
    ],
    equal: [
      ['1.0', '1'],
      ['v1.2', '1.2.0'],
      ['1-2', '1.2'],
    ],
    invalid: ['', 'abc', '1.0 2'],
  },
};

for (const scheme of VERSION_SCHEMES) {
  const { ascending, equal, invalid } = KNOWN[scheme];

  test(`${scheme}: versions known to ascend do, both ways`, () => {
    for (const chain of ascending)
      for (const [at, lower] of chain.entries())
        for (const higher of chain.slice(at + 1)) {
          assert.equal(compareVersions(scheme, lower, higher), -1, `${lower} < ${higher}`);
          assert.equal(compareVersions(scheme, higher, lower), 1, `${higher} > ${lower}`);
        }
  });

  test(`${scheme}: versions known to be equal are`, () => {
    for (const [a, b] of equal) {
      assert.equal(compareVersions(scheme, a, b), 0, `${a} = ${b}`);
      assert.equal(compareVersions(scheme, b, a), 0, `${b} = ${a}`);
    }
  });

  test(`${scheme}: texts that are no versions are refused`, () => {
    for (const text of [...invalid, '9'.repeat(513)]) {
      assert.equal(isVersion(scheme, text), false, text);
      assert.equal(compareVersions(scheme, text, '1.0'), undefined, text);
      assert.equal(compareVersions(scheme, '1.0', text), undefined, text);
    }
  });

  test(`${scheme}: any three versions are in one order`, () => {
    const known = [...ascending.flat(), ...equal.flat()];
    const version = versionsLike(scheme, known);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const ab = compareVersions(scheme, a, b);
        const ba = compareVersions(scheme, b, a);
        const bc = compareVersions(scheme, b, c);
        const ac = compareVersions(scheme, a, c);
        assert.ok(ab !== undefined && ba !== undefined && bc !== undefined && ac !== undefined);
        assert.equal(compareVersions(scheme, a, a), 0);
        assert.equal(ab + ba, 0, `${a} and ${b}`);
        if (ab <= 0 && bc <= 0) assert.ok(ac <= 0, `${a} <= ${b} <= ${c}`);
        if (ab === 0) assert.equal(ac, bc, `${a} = ${b}, ${c}`);
      }),
      { numRuns: 1500, seed: 4 },
    );
  });
}

/** Known versions, and known ones where one or two pieces became others; what is no version then stays as it was. */
function versionsLike(scheme: VersionScheme, known: readonly string[]): fc.Arbitrary<string> {
  const split = (text: string): string[] => text.match(/\d+|[A-Za-z]+|[^\dA-Za-z]/g) ?? [];
  const pieces = [...new Set([...known.flatMap(split), '0', '1', '.', ''])];
  const change = fc.tuple(fc.nat(12), fc.constantFrom(...pieces));
  return fc.tuple(fc.constantFrom(...known), fc.array(change, { maxLength: 2 })).map(([text, changes]) => {
    const parts = split(text);
    for (const [at, piece] of changes) parts[at % parts.length] = piece;
    const made = parts.join('');
    return isVersion(scheme, made) ? made : text;
  });
}
