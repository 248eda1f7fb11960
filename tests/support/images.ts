// Images for tests, put together from the files of Debian packages: no registry is needed.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command, tryCommand } from './run-command.ts';

export const BUSYBOX_IMAGE = 'gc-test/busybox:1';
/** Holds a pod's namespaces, as the kubelet's pause image does. */
export const PAUSE_IMAGE = 'gc-test/pause:1';
const NGINX_IMAGE = 'gc-test/nginx:1';
const REDIS_IMAGE = 'gc-test/redis:1';
/** Busybox and a perl without modules, for system calls that no shell makes. */
export const TOOLS_IMAGE = 'gc-test/tools:1';

interface Recipe {
  readonly image: string;
  /** Programs, copied to the same path together with the libraries they need. */
  readonly programs: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
  /** Dockerfile instructions for `docker import --change`. */
  readonly changes: readonly string[];
}

const ACCOUNTS: Readonly<Record<string, string>> = {
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\nredis:x:999:999::/data:/bin/false\nnobody:x:65534:65534::/:/bin/false\n',
  'etc/group': 'root:x:0:\nwww-data:x:33:\nredis:x:999:\nnogroup:x:65534:\n',
  'etc/shadow': 'root:*:19000:0:99999:7:::\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

const NGINX_CONF = `user www-data;
worker_processes 1;
error_log /dev/stderr;
pid /run/nginx.pid;
events { worker_connections 256; }
http {
  access_log /var/log/nginx/access.log;
  server { listen 80; root /var/www; }
}
`;

const RECIPES: Readonly<Record<string, Recipe>> = {
  [BUSYBOX_IMAGE]: {
    image: BUSYBOX_IMAGE,
    programs: [],
    files: ACCOUNTS,
    folders: ['tmp', 'root', 'proc', 'sys', 'dev', 'var/log'],
    changes: ['CMD ["/bin/sh"]', 'ENV PATH=/bin:/usr/bin:/sbin:/usr/sbin'],
  },
  [PAUSE_IMAGE]: {
    image: PAUSE_IMAGE,
    programs: [],
    files: {},
    folders: ['tmp', 'proc', 'sys', 'dev'],
    changes: ['CMD ["/bin/sleep", "100000"]', 'ENV PATH=/bin'],
  },
  [TOOLS_IMAGE]: {
    image: TOOLS_IMAGE,
    programs: ['/usr/bin/perl'],
    files: { ...ACCOUNTS, 'data/report.txt': 'figures of the year\n' },
    folders: ['tmp', 'root', 'proc', 'sys', 'dev', 'home/app', 'var/log', 'etc/cron.d'],
    changes: ['CMD ["/bin/sh"]', 'ENV PATH=/bin:/usr/bin:/sbin:/usr/sbin'],
  },
  [NGINX_IMAGE]: {
    image: NGINX_IMAGE,
    programs: ['/usr/sbin/nginx'],
    files: { ...ACCOUNTS, 'etc/nginx/nginx.conf': NGINX_CONF, 'var/www/index.html': '<h1>it works</h1>\n' },
    folders: ['tmp', 'run', 'var/log/nginx', 'var/lib/nginx', 'usr/share/nginx'],
    changes: ['CMD ["/usr/sbin/nginx", "-g", "daemon off;"]', 'EXPOSE 80'],
  },
  [REDIS_IMAGE]: {
    image: REDIS_IMAGE,
    programs: ['/usr/bin/redis-server', '/usr/bin/redis-cli', '/usr/bin/redis-benchmark'],
    files: { ...ACCOUNTS, 'etc/redis.conf': 'bind 0.0.0.0\nprotected-mode no\ndir /data\nsave 60 1\n' },
    folders: ['tmp', 'data'],
    changes: ['CMD ["/usr/bin/redis-server", "/etc/redis.conf"]', 'EXPOSE 6379'],
  },
};

/** Shared libraries of a program, as the dynamic linker finds them; none for a static one. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await tryCommand('ldd', [program]);
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((match) => match[1] ?? '');
}

function copyInto(root: string, path: string): void {
  const target = join(root, path);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(path), target);
}

async function layOut(root: string, recipe: Recipe): Promise<void> {
  for (const folder of [...recipe.folders, 'bin']) mkdirSync(join(root, folder), { recursive: true });
  copyInto(root, '/bin/busybox');
  const applets = (await command('/bin/busybox', ['--list'])).split('\n').filter((name) => name !== '');
  for (const applet of applets) {
    if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
  for (const [path, content] of Object.entries(recipe.files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const program of recipe.programs) {
    copyInto(root, program);
    for (const library of await librariesOf(program)) copyInto(root, library);
  }
}

async function build(recipe: Recipe): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-image-'));
  try {
    const root = join(folder, 'root');
    await layOut(root, recipe);
    const archive = join(folder, 'root.tar');
    await command('tar', ['--owner=0', '--group=0', '--numeric-owner', '-cf', archive, '-C', root, '.']);
    const changes = recipe.changes.flatMap((change) => ['--change', change]);
    await command('docker', ['import', ...changes, archive, recipe.image], { timeoutMs: 120_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Makes sure that one of the images above exists; builds it from what is installed.
 * @throws Error when the image is not one of ours, or a program it is made of is not installed.
 */
export async function ensureImage(image: string): Promise<string> {
  const recipe = RECIPES[image];
  if (recipe === undefined) throw new Error(`there is no recipe for ${image}`);
  if ((await tryCommand('docker', ['image', 'inspect', image])).code === 0) return image;
  const missing = ['/bin/busybox', ...recipe.programs].filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`${image} needs ${missing.join(', ')}`);
  await build(recipe);
  return image;
}

export interface ServerImages {
  readonly nginx: string;
  readonly redis: string;
}

/** The web server and the database that tests watch; installs their Debian packages when root and missing. */
export async function ensureServerImages(): Promise<ServerImages> {
  const needed = { 'nginx-light': '/usr/sbin/nginx', 'redis-server': '/usr/bin/redis-server' };
  const missing = Object.entries(needed)
    .filter(([, file]) => !existsSync(file))
    .map(([name]) => name);
  if (missing.length > 0 && process.getuid?.() === 0) {
    const install = ['install', '-y', '--no-install-recommends', ...missing];
    await tryCommand('apt-get', install, { timeoutMs: 300_000 });
  }
  return { nginx: await ensureImage(NGINX_IMAGE), redis: await ensureImage(REDIS_IMAGE) };
}
