import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import { startTestServer, until } from '../testing/test-server.ts';
import { MAX_FILE_BYTES, readSources, type Sources } from './source-files.ts';
import { watchSources } from './watched-sources.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gc-sources-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function tree(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

test('YAML files are found in order, tests and hidden files are not', async () => {
  const root = await tree('plain', {
    'b.yaml': 'b',
    'a/z.yml': 'z',
    'a/z.test.yaml': 'test',
    '.hidden/x.yaml': 'x',
    'notes.txt': 'n',
  });
  const { files, problems } = await readSources([
    { path: root, label: 'builtin' },
    { path: join(root, 'b.yaml') },
  ]);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['builtin/a/z.yml', 'builtin/b.yaml', join(root, 'b.yaml')],
  );
  assert.deepEqual(problems, []);
});

test('a link is followed only to a file inside, and loops end', async () => {
  const root = await tree('links', { '..data/real.yaml': 'inside', 'own.yaml': 'own' });
  const outside = await tree('outside', { 'secret.yaml': 'outside' });
  await symlink(join(root, '..data/real.yaml'), join(root, 'mounted.yaml'));
  await symlink(join(outside, 'secret.yaml'), join(root, 'evil.yaml'));
  await symlink(outside, join(root, 'evil-folder'));
  await symlink(root, join(root, 'loop'));
  await symlink('/dev/zero', join(root, 'endless.yaml'));
  const { files, problems } = await readSources([{ path: root }]);
  assert.deepEqual(files.map(({ content }) => content).sort(), ['inside', 'own']);
  assert.deepEqual(
    problems.map(({ file, code }) => [file, code]),
    [
      [join(root, 'endless.yaml'), 'GC_SOURCE_LINK'],
      [join(root, 'evil.yaml'), 'GC_SOURCE_LINK'],
    ],
  );
});

test('text that is not UTF-8 is refused with the place of its first wrong byte', async () => {
  const root = await tree('bytes', { 'good.yaml': 'caf\u00e9 \ufffd' });
  await writeFile(join(root, 'latin.yaml'), Buffer.from('- a: 1\n  caf\u00e9: 2\n', 'latin1'));
  const { files, problems } = await readSources([{ path: root }]);
  assert.equal(files.length, 1);
  assert.deepEqual(
    problems.map(({ code, line, column }) => [code, line, column]),
    [['GC_SOURCE_NOT_UTF8', 2, 6]],
  );
});

test('what cannot be read becomes a problem and the rest is there', async () => {
  const root = await tree('bad', { 'good.yaml': 'good', 'huge.yaml': '' });
  await truncate(join(root, 'huge.yaml'), MAX_FILE_BYTES + 1);
  const { files, problems } = await readSources([{ path: root }, { path: join(folder, 'gone') }]);
  assert.deepEqual(
    files.map(({ content }) => content),
    ['good'],
  );
  assert.deepEqual(problems.map(({ code }) => code).sort(), ['GC_SOURCE_TOO_LARGE', 'GC_SOURCE_UNREADABLE']);
});

test('changes are seen: written, replaced, new folder, removed; no change is silent', async () => {
  const root = await tree('watched', { 'a.yaml': '1' });
  const seen: Sources[] = [];
  const watched = await watchSources({
    roots: [{ path: root }],
    onChange: (sources) => void seen.push(sources),
    logger: silentLogger,
    debounceMs: 5,
  });
  const contents = (): string => (seen.at(-1)?.files ?? []).map(({ content }) => content).join();
  assert.equal(contents(), '1');
  await writeFile(join(root, 'a.yaml'), '2');
  await until(() => contents() === '2', 1000);
  await writeFile(join(root, 'tmp'), '3');
  await rename(join(root, 'tmp'), join(root, 'a.yaml'));
  await until(() => contents() === '3', 1000);
  await mkdir(join(root, 'sub'));
  await writeFile(join(root, 'sub/b.yaml'), '4');
  await until(() => contents() === '3,4', 2000);
  const before = seen.length;
  await watched.refresh();
  assert.equal(seen.length, before);
  await rm(join(root, 'a.yaml'));
  await until(() => contents() === '4', 1000);
  watched.close();
});

const ruleText = (name: string): string =>
  `- rule: ${name}\n  desc: d\n  condition: evt.type = execve\n  output: o\n  priority: WARNING\n`;

test('a changed rule file reaches the agents within a second, and a broken one leaves the others active', async () => {
  const root = await tree('rules', { 'a.yaml': ruleText('Alpha') });
  await using fixture = await startTestServer({ options: { rulePaths: [root] } });
  const lines: { policy: { revision: string; ruleFiles: unknown[]; disabledRules: string[] } }[] = [];
  fixture.server.platform.desired.listen(
    '',
    (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]),
  );
  await writeFile(join(root, 'b.yaml'), ruleText('Beta'));
  await until(() => lines.at(-1)?.policy.ruleFiles.length === 2, 1000);
  await writeFile(join(root, 'c.yaml'), '- rule: [\n');
  await until(() => lines.at(-1)?.policy.ruleFiles.length === 3, 1000);
  await until(async () => (await fixture.call('/api/v1/rules')).json.problems.length > 0);
  const { json } = await fixture.call('/api/v1/rules');
  assert.deepEqual(
    json.items.map((rule: { name: string }) => rule.name),
    ['Alpha', 'Beta'],
  );
  assert.equal(json.problems[0].file, join(root, 'c.yaml'));
  const status = (await fixture.call('/api/v1/status')).json;
  assert.deepEqual([status.rules.loaded, status.rules.errors], [2, 1]);

  const before = lines.at(-1)?.policy.revision;
  const off = await fixture.call('/api/v1/rules/Beta', { method: 'PUT', body: { enabled: false } });
  assert.equal(off.json.enabled, false);
  await until(() => lines.at(-1)?.policy.disabledRules[0] === 'Beta', 1000);
  assert.notEqual(lines.at(-1)?.policy.revision, before);
  assert.equal(
    (await fixture.call('/api/v1/rules/Gamma', { method: 'PUT', body: { enabled: true } })).status,
    404,
  );
});

test('response rules from a file are used, shown with their origin, and read-only in the API', async () => {
  const root = await tree('responses', {});
  await mkdir(root, { recursive: true });
  await using fixture = await startTestServer({ options: { responsePaths: [root] } });
  const text =
    'apiVersion: guardcell/v1\nkind: ResponseRule\nmetadata: { name: from-file }\nspec:\n  actions: [{ do: pause }]\n';
  await writeFile(join(root, 'r.yaml'), text);
  const list = async (): Promise<{ name: string; origin: { kind: string } }[]> =>
    (await fixture.call('/api/v1/responses')).json.items as { name: string; origin: { kind: string } }[];
  await until(async () => (await list()).length === 1, 3000);
  assert.equal((await list())[0]?.origin.kind, 'file');
  const gone = await fixture.call('/api/v1/responses/from-file', { method: 'DELETE' });
  assert.deepEqual([gone.status, gone.json.code], [409, 'GC_READ_ONLY']);
});
