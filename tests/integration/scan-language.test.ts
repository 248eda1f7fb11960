// One image read in two languages through one cache of layers: languages do not mix, and scripts see no locale.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeLayout } from '../support/oci-layout.ts';
import { guardcell } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-language-'));
const CHINESE = { LC_ALL: 'zh_CN.UTF-8', SOURCE_DATE_EPOCH: '1800000000' };
const ENGLISH = { LC_ALL: 'C.UTF-8', SOURCE_DATE_EPOCH: '1800000000' };

after(() => rmSync(FOLDER, { recursive: true, force: true }));

function layout(): string {
  const root = join(FOLDER, 'root');
  mkdirSync(join(root, 'opt'), { recursive: true });
  for (const name of ['tool', 'other']) {
    writeFileSync(join(root, 'opt', name), 'x');
    chmodSync(join(root, 'opt', name), 0o4755);
  }
  const folder = join(FOLDER, 'layout');
  writeLayout(folder, 'it', { layers: [root], config: { Env: ['DB_PASSWORD=hunter2'] } });
  return folder;
}

test('layers that were kept by a scan in one language are read in the other', async () => {
  const image = `oci:${layout()}:it`;
  const cache = join(FOLDER, 'cache');
  const scan = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
    const { code, stdout, stderr } = await guardcell(
      ['scan', 'image', image, '--only', 'misconfig', '--cache-dir', cache, ...words],
      env,
    );
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const chinese = await scan([], CHINESE);
  assert.match(chinese, /程序以其属主的权限运行（setuid\/setgid）（4755）/);
  assert.match(chinese, /配置问题/);
  const english = await scan([], ENGLISH);
  assert.match(english, /A program runs with the rights of its owner \(4755\)/);
  assert.doesNotMatch(english, /[\u4e00-\u9fff]/);
  assert.equal(await scan([], CHINESE), chinese);

  // What programs read is English under any locale, and Chinese when it is asked for.
  const json = await scan(['-o', 'json'], CHINESE);
  assert.equal(json, await scan(['-o', 'json'], ENGLISH));
  const inChinese = await scan(['-o', 'json', '--lang', 'zh-CN'], ENGLISH);
  assert.match(inChinese, /程序以其属主的权限运行/);

  const baseline = join(FOLDER, 'baseline.json');
  writeFileSync(baseline, inChinese);
  const report = JSON.parse(await scan(['-o', 'json', '--only-new', baseline], ENGLISH)) as {
    readonly misconfigurations: readonly unknown[];
  };
  assert.ok((JSON.parse(readFileSync(baseline, 'utf8')) as typeof report).misconfigurations.length >= 3);
  assert.deepEqual(report.misconfigurations, []);
});
