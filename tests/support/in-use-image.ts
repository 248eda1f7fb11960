// An image of real Debian packages of this machine, with what dpkg says of them, and two Python packages as pip installs them:
// one to import, one to leave alone.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command, tryCommand } from './run-command.ts';

const IN_USE_IMAGE = 'gc-test/in-use:1';
/** The program, its libraries, an interpreter with its modules, and a program that no test touches. */
const PROGRAMS = ['/usr/bin/curl', '/usr/bin/python3.11', '/usr/bin/openssl'];
const WHOLE = ['python3.11-minimal', 'libpython3.11-minimal', 'libpython3.11-stdlib'];
const SITE = 'usr/local/lib/python3.11/dist-packages';

/** What must be installed here for the image to be built; empty when all is. */
export function inUseImageProblem(): string {
  const missing = [...PROGRAMS, '/bin/busybox', '/var/lib/dpkg/status'].filter((path) => !existsSync(path));
  return missing.length === 0 ? '' : `not installed: ${missing.join(', ')}`;
}

async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await tryCommand('ldd', [program]);
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((match) => match[1] ?? '');
}

function copyInto(root: string, path: string): void {
  const target = join(root, path);
  if (existsSync(target) || !existsSync(path)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(path), target, { recursive: false });
}

async function ownerOf(path: string): Promise<string> {
  for (const name of [path, path.replace(/^\/usr/, ''), `/usr${path}`]) {
    const { code, stdout } = await tryCommand('dpkg', ['-S', name]);
    if (code === 0) return stdout.split(': ')[0]?.split(',')[0] ?? '';
  }
  return '';
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function pythonPackage(root: string, name: string): void {
  const info = `${SITE}/${name}-1.2.3.dist-info`;
  write(root, `${SITE}/${name}/__init__.py`, 'from . import inner\n');
  write(root, `${SITE}/${name}/inner.py`, 'VALUE = 1\n');
  write(root, `${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.2.3\n`);
  write(
    root,
    `${info}/RECORD`,
    `${name}/__init__.py,,\n${name}/inner.py,,\n${name}-1.2.3.dist-info/METADATA,,\n`,
  );
}

async function layOut(root: string): Promise<void> {
  for (const folder of ['tmp', 'proc', 'sys', 'dev', 'etc', 'usr/bin'])
    mkdirSync(join(root, folder), { recursive: true });
  copyInto(root, '/bin/busybox');
  cpSync('/bin/busybox', join(root, 'bin/sh'));
  write(root, 'etc/os-release', readFileSync('/etc/os-release', 'utf8'));
  const packages = new Set<string>(WHOLE);
  for (const program of PROGRAMS) {
    for (const path of [program, ...(await librariesOf(program))]) {
      copyInto(root, path);
      const owner = await ownerOf(realpathSync(path));
      if (owner !== '') packages.add(owner);
    }
  }
  for (const name of WHOLE) {
    for (const path of (await command('dpkg', ['-L', name])).split('\n')) {
      if (/\.(?:py|so|so\.[\d.]+)$/.test(path) && !path.includes('/test/')) copyInto(root, path);
    }
  }
  const status: string[] = [];
  for (const name of packages) {
    status.push(await command('dpkg', ['-s', name]));
    const list = [
      `/var/lib/dpkg/info/${name}.list`,
      `/var/lib/dpkg/info/${name.replace(/:.*/, '')}.list`,
    ].find((path) => existsSync(path));
    if (list !== undefined) copyInto(root, list);
  }
  write(root, 'var/lib/dpkg/status', status.join('\n'));
  pythonPackage(root, 'used');
  pythonPackage(root, 'unused');
}

/** Builds it unless it is there. */
export async function ensureInUseImage(): Promise<string> {
  if ((await tryCommand('docker', ['image', 'inspect', IN_USE_IMAGE])).code === 0) return IN_USE_IMAGE;
  const folder = mkdtempSync(join(tmpdir(), 'gc-image-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(root);
    await layOut(root);
    const archive = join(folder, 'root.tar');
    await command('tar', ['--owner=0', '--group=0', '--numeric-owner', '-cf', archive, '-C', root, '.']);
    await command('docker', ['import', '--change', 'ENV PATH=/bin:/usr/bin', archive, IN_USE_IMAGE], {
      timeoutMs: 120_000,
    });
    return IN_USE_IMAGE;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
