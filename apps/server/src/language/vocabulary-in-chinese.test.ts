import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELDS, OPERATORS, TRANSFORMERS } from '@guardcell/rules';
import { meaningInChinese } from './vocabulary-in-chinese.ts';

const DOCS = [...FIELDS, ...OPERATORS, ...TRANSFORMERS].map(({ doc }) => doc);

test('every field, operator and transformer of the rule language has its meaning in Chinese', () => {
  assert.ok(DOCS.length > 400);
  const left = DOCS.filter(
    (doc) => !/[\u4e00-\u9fff]/.test(meaningInChinese(doc)) && /\w{3,} \w{2,}/.test(doc),
  );
  assert.deepEqual(left, []);
  for (const doc of DOCS) assert.doesNotMatch(meaningInChinese(doc), /\b(?:the|of|is|only|not)\b/, doc);
});

test('remarks, groups of containers and ends of connections are said with the meaning', () => {
  assert.equal(
    meaningInChinese('Swapped memory in KiB; only in captures.'),
    '换出的内存，单位 KiB；只见于捕获文件。',
  );
  assert.equal(
    meaningInChinese('Images of the init containers without tag and digest.'),
    '初始化容器的镜像，不含标签和摘要。',
  );
  assert.equal(meaningInChinese('Service name of the remote end’s port.'), '对端端口的服务名称。');
  assert.equal(meaningInChinese('Of a later version.'), 'Of a later version.');
});
