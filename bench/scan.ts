// How long a scan of a Debian image takes, cold and from the cache, and how much memory: `node bench/scan.ts`. The image is
// made of this machine's own required and important Debian packages, one gzip layer in an OCI layout.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const ROOT = resolve(import.meta.dirname, '..');
const CLI = join(ROOT, 'apps/cli/src/main.ts');
const FOLDER = mkdtempSync(join(tmpdir(), 'gc-bench-scan-'));
const LAYOUT = join(FOLDER, 'layout');
const RUNS = 3;
/** Prints the most memory that the process ever had, kilobytes. */
const METER =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("maxrss "+process.resourceUsage().maxRSS+"\\n"))';

interface Measure {
  readonly seconds: number;
  readonly megabytes: number;
  readonly output: string;
}

function blob(bytes: Buffer): { readonly digest: string; readonly size: number } {
  const hex = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(LAYOUT, 'blobs/sha256', hex), bytes);
  return { digest: `sha256:${hex}`, size: bytes.length };
}

/** Returns the uncompressed bytes of its layer. */
function makeImage(): number {
  const packages = execFileSync('dpkg-query', ['-W', '-f', '${Package}:${Architecture} ${Priority}\n'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((line) => / (?:required|important)$/.test(line))
    .map((line) => line.split(' ')[0]?.replace(/:all$/, '') ?? '');
  const files = execFileSync('dpkg', ['-L', ...packages], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    .split('\n')
    .filter((line) => line.startsWith('/') && line !== '/.');
  const list = join(FOLDER, 'files');
  const wanted = [
    ...new Set([
      ...files,
      '/etc/os-release',
      '/usr/lib/os-release',
      '/var/lib/dpkg/status',
      '/var/lib/dpkg/info',
    ]),
  ];
  writeFileSync(list, wanted.map((path) => path.slice(1)).join('\n'));
  const tarFile = join(FOLDER, 'layer.tar');
  const out = openSync(tarFile, 'w');
  const args = [
    '-C',
    '/',
    '--no-recursion',
    '--ignore-failed-read',
    '-c',
    '-T',
    list,
    '--recursion',
    'var/lib/dpkg/info',
  ];
  try {
    execFileSync('tar', args, { stdio: ['ignore', out, 'ignore'] });
  } finally {
    closeSync(out);
  }
  const tar = readFileSync(tarFile);
  mkdirSync(join(LAYOUT, 'blobs/sha256'), { recursive: true });
  const layer = blob(gzipSync(tar, { level: 6 }));
  const diffId = `sha256:${createHash('sha256').update(tar).digest('hex')}`;
  const config = blob(
    Buffer.from(
      JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] } }),
    ),
  );
  const type = 'application/vnd.oci.image';
  const manifest = blob(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: `${type}.manifest.v1+json`,
        config: { mediaType: `${type}.config.v1+json`, ...config },
        layers: [{ mediaType: `${type}.layer.v1.tar+gzip`, ...layer }],
      }),
    ),
  );
  const index = { schemaVersion: 2, manifests: [{ mediaType: `${type}.manifest.v1+json`, ...manifest }] };
  writeFileSync(join(LAYOUT, 'index.json'), JSON.stringify(index));
  writeFileSync(join(LAYOUT, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return tar.length;
}

async function run(...words: readonly string[]): Promise<Measure> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      METER,
      CLI,
      'scan',
      'image',
      `oci:${LAYOUT}`,
      '-o',
      'json',
      ...words,
    ],
    {
      env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, '.cache/compile') },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const texts = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (texts[0] += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts[1] += chunk.toString()));
  const code = await new Promise((done) => child.once('close', done));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`the scan ended with ${String(code)}: ${texts[1]}`);
  const kilobytes = Number(/maxrss (\d+)/.exec(texts[1] ?? '')?.[1]);
  return { seconds, megabytes: (kilobytes * 1024) / 1e6, output: texts[0] ?? '' };
}

async function measure(name: string, ...words: readonly string[]): Promise<Measure> {
  const runs: Measure[] = [];
  for (let i = 0; i < RUNS; i += 1) runs.push(await run(...words));
  const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(RUNS / 2)] as Measure;
  const most = Math.max(...runs.map(({ megabytes }) => megabytes));
  console.log(`${name.padEnd(46)} ${middle.seconds.toFixed(2)} s, at most ${most.toFixed(0)} MB RSS`);
  return middle;
}

try {
  const bytes = makeImage();
  const data = ['--data', join(FOLDER, 'data')];
  const packages = ['--only', 'packages,vulnerabilities', ...data];
  // Unpacks the database and fills Node's cache of compiled sources.
  const { output } = await run('--no-cache', ...data);
  const report = JSON.parse(output) as { readonly packages: unknown[]; readonly vulnerabilities: unknown[] };
  console.log(
    `image: ${(bytes / 1e6).toFixed(0)} MB uncompressed, ${report.packages.length} packages, ${report.vulnerabilities.length} vulnerabilities`,
  );
  await measure('cold, packages and vulnerabilities', '--no-cache', ...packages);
  await measure('cold, everything', '--no-cache', ...data);
  const cache = ['--cache-dir', join(FOLDER, 'cache')];
  await run(...cache, ...packages);
  await measure('cached, packages and vulnerabilities', ...cache, ...packages);
} finally {
  rmSync(FOLDER, { recursive: true, force: true });
}
