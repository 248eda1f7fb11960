// An image with an application as people ship them: old npm packages, jars, a Go program, gems, Python packages and
// servers that no package manager of the system knows, over a real Debian with Python and Ruby.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianArchives } from './debian-archives.ts';
import { debianRoot } from './debian-root.ts';
import { writeProjectFiles } from './project-files.ts';
import { command, tryCommand } from './run-command.ts';

const MINUTE_MS = 60_000;

/** Versions with published vulnerabilities. */
const NPM_PACKAGES: Readonly<Record<string, string>> = {
  esbuild: '0.17.0',
  express: '4.15.2',
  'google-closure-compiler-java': '20210505.0.0',
  growl: '1.9.2',
  handlebars: '4.0.5',
  hoek: '2.16.3',
  jquery: '1.11.0',
  lodash: '4.17.4',
  marked: '0.3.5',
  minimist: '0.0.8',
  moment: '2.11.0',
  'node-serialize': '0.0.4',
  'selenium-server': '3.141.59',
  'serialize-javascript': '1.6.0',
  ws: '1.1.0',
};

/** Of an older release: jars, gems, Python distributions and servers. */
const DEBIAN_PACKAGES: readonly string[] = [
  'libbcprov-java',
  'libcommons-collections3-java',
  'libcommons-fileupload-java',
  'libguava-java',
  'libh2-java',
  'libjackson2-databind-java',
  'liblog4j1.2-java',
  'libnetty-java',
  'libspring-core-java',
  'libtomcat9-java',
  'libxstream-java',
  'nginx-light',
  'puma',
  'python3-django',
  'python3-jinja2',
  'python3-requests',
  'python3-urllib3',
  'python3-werkzeug',
  'python3-yaml',
  'redis-tools',
  'ruby-actionpack',
  'ruby-json-jwt',
  'ruby-loofah',
  'ruby-nokogiri',
  'ruby-rack',
];

/** Lays the application out below `folder/opt`, with npm's own lock and tree. */
export async function layOutApplication(folder: string): Promise<void> {
  const vendor = join(folder, 'opt/vendor');
  const shop = join(folder, 'opt/shop');
  for (const path of [vendor, shop]) mkdirSync(path, { recursive: true });
  for (const archive of await debianArchives('bullseye', DEBIAN_PACKAGES)) {
    await command('dpkg-deb', ['-x', archive, vendor]);
  }
  writeProjectFiles(join(folder, 'opt/projects'));
  const manifest = { name: 'shop', version: '1.0.0', dependencies: NPM_PACKAGES };
  writeFileSync(join(shop, 'package.json'), JSON.stringify(manifest));
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await command('npm', install, { cwd: shop, timeoutMs: 5 * MINUTE_MS });
}

/** Builds the image; the caller removes it. */
export async function buildApplicationImage(folder: string, image: string): Promise<void> {
  const base = `${image}-base`;
  const root = await debianRoot('bookworm', ['python3', 'python3-packaging', 'ruby']);
  await layOutApplication(folder);
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM ${base}\nCOPY opt/vendor /opt/vendor\nCOPY opt/shop /opt/shop\nCOPY opt/projects /opt/projects\n`,
  );
  try {
    await command('docker', ['import', root, base], { timeoutMs: 2 * MINUTE_MS });
    await command('docker', ['build', '-q', '--network', 'none', '-t', image, folder], {
      timeoutMs: 3 * MINUTE_MS,
    });
  } finally {
    await tryCommand('docker', ['rmi', base]);
  }
}
