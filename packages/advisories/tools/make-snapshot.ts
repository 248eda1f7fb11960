// Makes the vulnerability data that ships with the project from a folder of feeds: facts only, and only of feeds whose
// licence allows it. Run: node packages/advisories/tools/make-snapshot.ts FEEDS [--check]
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { buildDatabase, findInputs, openDatabase } from '@guardcell/advisories';

const CONTENT = resolve(import.meta.dirname, '../../../content/advisories');
const SNAPSHOT = join(CONTENT, 'snapshot.db.zst');
const NOTICE = join(CONTENT, 'NOTICE.md');
const MAX_BYTES = 8e6;

const [folder, option] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: make-snapshot.ts FEEDS [--check]');
const work = await mkdtemp(join(tmpdir(), 'guardcell-snapshot-'));
try {
  const inputs = findInputs(folder).inputs.filter(({ spec }) => spec.ships);
  const newest =
    inputs
      .map(({ date }) => date)
      .toSorted()
      .at(-1) ?? '';
  const target = join(work, 'snapshot.db');
  const report = await buildDatabase({
    target,
    inputs,
    builtAt: `${newest}T00:00:00.000Z`,
    origin: 'snapshot',
    texts: false,
  });
  const broken = report.feeds.filter((feed) => feed.problem !== undefined);
  if (broken.length > 0)
    throw new Error(`feeds that cannot be read: ${broken.map((feed) => feed.name).join()}`);
  if (option === '--check') {
    const unpacked = join(work, 'shipped.db');
    await writeFile(unpacked, zstdDecompressSync(await readFile(SNAPSHOT)));
    const shipped = openDatabase(unpacked);
    const same = shipped.revision === report.revision;
    shipped.close();
    process.stdout.write(
      same
        ? 'the snapshot is what the feeds say\n'
        : 'the snapshot is not what the feeds say: make it again\n',
    );
    process.exitCode = same ? 0 : 1;
  } else {
    const packed = zstdCompressSync(await readFile(target), {
      params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: 27 },
    });
    if (packed.length > MAX_BYTES)
      throw new Error(`the snapshot has ${packed.length} bytes, more than ${MAX_BYTES}`);
    await writeFile(SNAPSHOT, packed);
    const rows = report.feeds.map(
      (feed) => `| ${feed.name} | ${feed.title} | ${feed.home} | ${feed.date} | ${feed.licence} |`,
    );
    await writeFile(
      NOTICE,
      `# Sources of the vulnerability data\n\n\`snapshot.db.zst\` holds facts of these collections: identifiers, packages, version ranges, severities, references.\nDescriptions are left out. Made by \`packages/advisories/tools/make-snapshot.ts\`; \`guardcell db update\` replaces it by newer data.\n\n| feed | title | home | data of | licence |\n|---|---|---|---|---|\n${rows.join('\n')}\n`,
    );
    process.stdout.write(
      `${packed.length} bytes, ${report.packages} packages, ${report.vulnerabilities} vulnerabilities\n`,
    );
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
