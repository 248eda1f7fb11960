import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyzeFiles } from '../testing.ts';
import { osReleaseAnalyzer } from './index.ts';

const osOf = (files: Readonly<Record<string, string>>): unknown => analyzeFiles(osReleaseAnalyzer, files).os;

describe('os-release', () => {
  it('reads quoted and bare values and passes over comments and broken lines', () => {
    const text = `# x\nNAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID='9.3'\nBROKEN\nPRETTY_NAME="Rocky \\"Linux\\" 9.3"\n`;
    assert.deepEqual(osOf({ '/etc/os-release': text }), {
      id: 'rocky',
      idLike: ['rhel', 'centos', 'fedora'],
      versionId: '9.3',
      codename: '',
      prettyName: 'Rocky "Linux" 9.3',
    });
  });

  it('prefers /etc/os-release to all others', () => {
    const os = osOf({
      '/usr/lib/os-release': 'ID=debian\nVERSION_ID="11"\n',
      '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME=D\n',
      '/etc/debian_version': '12.5\n',
    });
    assert.deepEqual(os, {
      id: 'debian',
      idLike: [],
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'D',
    });
  });

  it('does not take a version of one distribution for another', () => {
    const os = osOf({ '/etc/os-release': 'ID=kali\nPRETTY_NAME=Kali\n', '/etc/debian_version': '12.5\n' });
    assert.deepEqual(os, { id: 'kali', idLike: [], versionId: '', codename: '', prettyName: 'Kali' });
  });

  const alone: readonly (readonly [string, string, string, string, string])[] = [
    ['/etc/alpine-release', '3.20.1\n', 'alpine', '3.20.1', ''],
    ['/etc/debian_version', '10.13\n', 'debian', '10', ''],
    ['/etc/debian_version', 'trixie/sid\n', 'debian', '', 'trixie'],
    ['/etc/redhat-release', 'Red Hat Enterprise Linux Server release 7.9 (Maipo)\n', 'rhel', '7.9', 'Maipo'],
    [
      '/etc/redhat-release',
      'AlmaLinux release 8.9 (Midnight Oncilla)\n',
      'almalinux',
      '8.9',
      'Midnight Oncilla',
    ],
    ['/etc/centos-release', 'CentOS Linux release 7.9.2009 (Core)\n', 'centos', '7.9.2009', 'Core'],
    ['/etc/system-release', 'Amazon Linux release 2 (Karoo)\n', 'amzn', '2', 'Karoo'],
    [
      '/etc/lsb-release',
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\n',
      'ubuntu',
      '22.04',
      'jammy',
    ],
  ];
  for (const [path, text, id, versionId, codename] of alone) {
    it(`understands ${path} with ${JSON.stringify(text.slice(0, 20))} when it is the only file`, () => {
      const os = analyzeFiles(osReleaseAnalyzer, { [path]: text }).os;
      assert.deepEqual([os?.id, os?.versionId, os?.codename], [id, versionId, codename]);
    });
  }

  it('says nothing of empty, binary and unknown content', () => {
    assert.equal(osOf({ '/etc/os-release': '', '/etc/redhat-release': 'My System 1\n' }), undefined);
    assert.equal(
      osOf({ '/etc/os-release': '\u0000\u0001=\u0002\n', '/etc/alpine-release': 'x'.repeat(500) }),
      undefined,
    );
  });
});
