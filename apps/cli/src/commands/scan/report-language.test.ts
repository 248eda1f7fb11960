// The language of reports: what is asked for, else the locale for people and English for programs.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CodedError } from '@guardcell/kit';
import type { CommandContext } from '../../command.ts';
import { isChinese, reportWords } from './report-language.ts';

function asked(lang?: string): CommandContext {
  return { options: lang === undefined ? {} : { lang } } as unknown as CommandContext;
}

test('the first variable that is set says the locale', () => {
  assert.ok(isChinese({ LANG: 'zh_CN.UTF-8' }));
  assert.ok(isChinese({ LC_ALL: '', LC_MESSAGES: 'zh_CN', LANG: 'en_US.UTF-8' }));
  assert.ok(isChinese({ LANG: 'zh' }));
  assert.ok(!isChinese({ LC_ALL: 'C.UTF-8', LANG: 'zh_CN.UTF-8' }));
  assert.ok(!isChinese({ LANG: 'zha_CN' }));
  assert.ok(!isChinese({}));
});

test('what is asked for counts for every format', async () => {
  for (const id of ['table', 'html', 'json', 'sarif']) {
    assert.equal((await reportWords(asked('zh-CN'), { id })).language, 'zh');
    assert.deepEqual(await reportWords(asked('en'), { id }), { language: 'en' });
  }
  await assert.rejects(
    reportWords(asked('fr'), { id: 'table' }),
    (error: unknown) => error instanceof CodedError && error.code === 'GC_USAGE',
  );
});

test('formats for programs do not follow the locale', async () => {
  const own = process.env['LC_ALL'];
  process.env['LC_ALL'] = 'zh_CN.UTF-8';
  try {
    for (const id of ['json', 'sarif', 'junit', 'cyclonedx', 'gitlab-codequality', 'template'])
      assert.deepEqual(await reportWords(asked(), { id }), { language: 'en' });
    const { language, catalogue } = await reportWords(asked(), { id: 'table' });
    assert.equal(language, 'zh');
    assert.ok(catalogue !== undefined);
  } finally {
    if (own === undefined) delete process.env['LC_ALL'];
    else process.env['LC_ALL'] = own;
  }
});
