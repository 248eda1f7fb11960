// Checks of files and folders by their bits, capabilities and places.
import type { Severity } from '@guardcell/core';
import type { FileFact } from '../artifact/facts.ts';
import { hasCapabilities, powerfulCapabilities } from '../artifact/file-capabilities.ts';
import { cacheOf, isHistory, isOpenFile, isOpenFolder, isSetuid } from '../artifact/stands-out.ts';
import type { Check, Hit, Text } from '../check.ts';

type Find = (files: readonly FileFact[]) => readonly Hit[];

const GOOD =
  '755 /usr/bin/env\n755 /usr/bin/server cap_net_bind_service\n644 /etc/passwd\n1777 /tmp/\n600 /root/notes\n';

function files(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  find: Find,
  bad: string,
): Check<'files'> {
  return { id: `GC-FILE-${id}`, kind: 'files', severity, title, fix, find, good: GOOD, bad };
}

function at({ path, layer }: FileFact, detail: string): Hit {
  return { path, startLine: 0, endLine: 0, detail, ...(layer === undefined ? {} : { layer }) };
}

function octal({ mode }: FileFact): string {
  return mode.toString(8).padStart(4, '0');
}

/** Programs that distributions install with such bits or capabilities: they are known, and more are in one's way than at fault. */
const SHIPPED: ReadonlySet<string> = new Set(
  `su sudo sudoedit mount umount passwd chsh chfn gpasswd newgrp sg expiry chage unix_chkpwd pam_timestamp_check userhelper
  ping ping6 fusermount fusermount3 ntfs-3g pkexec polkit-agent-helper-1 dbus-daemon-launch-helper ssh-keysign ssh-agent
  crontab at wall write bsd-write utempter Xorg.wrap newuidmap newgidmap mount.nfs mount.cifs umount.nfs locate mlocate plocate
  dotlockfile mail-lock mail-unlock mail-touchlock bbsuid busybox doas chrome-sandbox exim4 postdrop postqueue traceroute6.iputils
  arping pppd lockspool ssh-keysign sendmail procmail snap-confine vmware-user-suid-wrapper staprun screen minicom mtr-packet clockdiff fping dumpcap suexec
  gst-ptp-helper systemd-detect-virt bwrap kwin_wayland`.split(/\s+/),
);
const FOLDERS =
  /^\/(?:usr\/)?(?:s?bin|lib\w{0,4}(?:\/[\w.+-]{1,64}){1,3}|libexec(?:\/[\w.+-]{1,64}){0,2})\/[^/]{1,100}$/;

function isShipped({ path }: FileFact): boolean {
  return SHIPPED.has(path.slice(path.lastIndexOf('/') + 1)) && FOLDERS.test(path);
}

const SHOWN = 12;

/** One hit for all, at the first: each by itself would be noise. */
function together(found: readonly FileFact[], what: string): readonly Hit[] {
  const [first] = found;
  if (first === undefined) return [];
  const names = found.slice(0, SHOWN).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const more = found.length > SHOWN ? ', …' : '';
  return [at(first, `${found.length} ${what}: ${names.join(', ')}${more}`)];
}

export const FILE_CHECKS: readonly Check<'files'>[] = [
  files(
    '001',
    'medium',
    ['A program runs with the rights of its owner', '程序以其属主的权限运行（setuid/setgid）'],
    [
      'Remove the bits (chmod u-s,g-s), or say in an ignore rule why it needs them.',
      '去除该权限位（chmod u-s,g-s），或在忽略规则中说明其必要性。',
    ],
    (list) => list.filter((one) => isSetuid(one) && !isShipped(one)).map((one) => at(one, octal(one))),
    '4755 /usr/local/bin/tool\n2755 /opt/app/bin/helper\n',
  ),
  files(
    '002',
    'info',
    [
      'Programs of the distribution run with the rights of their owners',
      '发行版自带的程序以其属主的权限运行',
    ],
    [
      'Containers rarely need them: remove the bits, or run with allowPrivilegeEscalation: false.',
      '容器很少需要它们：去除权限位，或以 allowPrivilegeEscalation: false 运行。',
    ],
    (list) =>
      together(
        list.filter((one) => isSetuid(one) && isShipped(one)),
        'programs',
      ),
    '4755 /usr/bin/su\n4755 /bin/mount\n',
  ),
  files(
    '003',
    'high',
    ['Everybody may write a file of the system', '任何用户都可写入系统文件'],
    ['Remove the right: chmod o-w.', '去除该权限：chmod o-w。'],
    (list) => list.filter(isOpenFile).map((one) => at(one, octal(one))),
    '666 /etc/app.conf\n',
  ),
  files(
    '004',
    'high',
    ['Everybody may replace files of others in a folder', '任何用户都可替换目录中他人的文件'],
    [
      'Remove the right (chmod o-w), or set the sticky bit (chmod +t).',
      '去除该权限（chmod o-w），或设置粘滞位（chmod +t）。',
    ],
    (list) => list.filter(isOpenFolder).map((one) => at(one, octal(one))),
    '777 /usr/local/bin/\n',
  ),
  files(
    '005',
    'low',
    ['The cache of a package manager was left in the image', '镜像中残留了软件包管理器的缓存'],
    ['Remove it in the same RUN step, or mount a cache.', '在同一个 RUN 步骤中删除，或使用缓存挂载。'],
    (list) =>
      [...Map.groupBy(list, ({ path }) => cacheOf(path) ?? '')].flatMap(([cache, found]) => {
        const [first] = found;
        if (cache === '' || first === undefined) return [];
        const bytes = found.reduce((sum, { size }) => sum + size, 0);
        return [{ ...at(first, `${found.length} × ${Math.ceil(bytes / 1024)} KiB`), path: cache }];
      }),
    '644 /var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages\n',
  ),
  files(
    '006',
    'low',
    ['The history of a shell was left in the image', '镜像中残留了 shell 历史记录'],
    ['Remove it: commands may hold secrets.', '请删除：命令中可能含有机密。'],
    (list) => list.filter(isHistory).map((one) => at(one, '')),
    '600 /root/.bash_history\n',
  ),
  files(
    '007',
    'medium',
    [
      'A program has capabilities that make it as good as root',
      '程序带有近似 root 权限的能力（capabilities）',
    ],
    [
      'Remove them (setcap -r), or say in an ignore rule why it needs them; better give the container what it needs.',
      '去除能力（setcap -r），或在忽略规则中说明其必要性；更好的做法是为容器授予所需的能力。',
    ],
    (list) =>
      list.flatMap((one) => {
        const names = isShipped(one) ? [] : powerfulCapabilities(one);
        return names.length === 0 ? [] : [at(one, names.join(', '))];
      }),
    '755 /usr/bin/python3.11 cap_setuid\n755 /opt/app/tool cap_net_raw,cap_sys_admin\n',
  ),
  files(
    '008',
    'info',
    [
      'Programs have capabilities: those of the distribution, or to send any packet',
      '程序带有能力（capabilities）：发行版自带的程序，或可发送任意数据包的程序',
    ],
    [
      'Containers rarely need them: drop the capabilities of the container, or remove those of the file (setcap -r).',
      '容器很少需要它们：去掉容器的能力（drop），或去除文件的能力（setcap -r）。',
    ],
    (list) =>
      together(
        list.filter(
          (one) => hasCapabilities(one) && (isShipped(one) || powerfulCapabilities(one).length === 0),
        ),
        'programs',
      ),
    '755 /usr/bin/ping cap_net_raw\n755 /usr/bin/newuidmap cap_setuid\n755 /opt/app/sniff cap_net_raw\n',
  ),
];
