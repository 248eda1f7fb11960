import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../../testing/sample-report.ts';
import { HTML_FORMAT } from './html.ts';
import { STYLE, STYLE_HASH } from './style.ts';

const PAGE = [...HTML_FORMAT.write(SAMPLE_REPORT, { toolVersion: '1.2.3' })].join('');

describe('HTML report', () => {
  it('names the hash of its style sheet in its policy', () => {
    const hash = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
    assert.equal(STYLE_HASH, hash);
    assert.ok(PAGE.includes(`default-src 'none'; style-src '${hash}'`));
    assert.equal(PAGE.split('<style>')[1]?.split('</style>')[0], STYLE);
  });

  it('has no script, no style attribute and loads nothing', () => {
    assert.doesNotMatch(PAGE, /<script|\sstyle=|\son\w+=|\ssrc=|<link|<iframe|@import|url\(/i);
  });

  it('escapes what others wrote and links to the web only', () => {
    assert.ok(PAGE.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
    assert.ok(PAGE.includes('Keys &lt;b&gt;cut short&lt;/b&gt;\uFFFD &amp; initialisation vectors 密钥长度'));
    assert.doesNotMatch(PAGE, /href="(?!https?:)/);
  });

  it('closes every element that it opens', () => {
    const open: string[] = [];
    for (const [, close, tag = ''] of PAGE.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (['meta', 'input'].includes(tag)) continue;
      if (close === '') open.push(tag);
      else assert.equal(open.pop(), tag);
    }
    assert.deepEqual(open, []);
  });

  it('speaks Chinese when asked and says when nothing was found', () => {
    const page = [...HTML_FORMAT.write(EMPTY_REPORT, { language: 'zh' })].join('');
    assert.match(page, /<html lang="zh-CN">/);
    assert.match(page, /未发现问题。/);
  });
});
