import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../i18n/en.ts';
import { zh } from '../../i18n/zh-CN.ts';
import { scanTitle } from './scan-titles.ts';

test('alerts of scanning have a title in each language, by what was found and where', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['New critical vulnerability in a running image', '运行中的镜像有新漏洞（严重）'],
    ['New high vulnerabilities in an image', '镜像有新漏洞（高）'],
    ['New low vulnerability in a container', '容器有新漏洞（低）'],
    ['Malware in a host', '主机中有恶意软件'],
    ['Secret in an image', '镜像中有密钥'],
  ];
  for (const [name, title] of cases) {
    assert.equal(scanTitle(name, zh), title);
    assert.equal(scanTitle(name, en), name);
  }
});

test('names of rules have none', () => {
  for (const name of ['Shell spawned in container', 'Malware in a spaceship', 'New vulnerability', ''])
    assert.equal(scanTitle(name, zh), undefined);
});
