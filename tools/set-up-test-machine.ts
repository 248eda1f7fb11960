// Installs the Debian packages that the integration and end-to-end tests drive: docker, chromium, servers to watch.
import { existsSync } from 'node:fs';
import { runTool } from './run-tool.ts';

/** A file that shows the package is there, so that a second run costs nothing. */
const PACKAGES: Readonly<Record<string, string>> = {
  'docker.io': '/usr/sbin/dockerd',
  containerd: '/usr/bin/containerd',
  nftables: '/usr/sbin/nft',
  iproute2: '/usr/sbin/ip',
  'busybox-static': '/bin/busybox',
  'nginx-light': '/usr/sbin/nginx',
  'redis-server': '/usr/bin/redis-server',
  chromium: '/usr/bin/chromium',
  'fonts-noto-cjk': '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  clang: '/usr/bin/clang',
  llvm: '/usr/bin/llvm-strip',
  'libbpf-dev': '/usr/include/bpf/bpf_helpers.h',
  gcc: '/usr/bin/gcc',
  'libc6-dev': '/usr/include/stdio.h',
  rpm: '/usr/bin/rpmbuild',
  'db5.3-util': '/usr/bin/db5.3_load',
  'distro-info-data': '/usr/share/distro-info/debian.csv',
  mmdebstrap: '/usr/bin/mmdebstrap',
};

/** Installs what is missing when root; otherwise says what the tests will skip for. */
export async function setUpTestMachine(): Promise<void> {
  const missing = Object.entries(PACKAGES)
    .filter(([, file]) => !existsSync(file))
    .map(([name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`not installed (tests that need them will skip): ${missing.join(' ')}`);
    return;
  }
  console.log(`installing for tests: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  let result = await runTool('apt-get', install, { env });
  if (result.code !== 0) {
    await runTool('apt-get', ['update'], { env });
    result = await runTool('apt-get', install, { env });
  }
  if (result.code !== 0) {
    console.log(
      `apt-get failed; tests that need ${missing.join(', ')} will say so\n${result.output.slice(-2000)}`,
    );
  }
}
