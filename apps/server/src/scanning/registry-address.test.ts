// Which addresses of registries are taken, and how they are read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForbiddenAddress, registryAddress } from './registry-address.ts';

function codeOf(url: string, allowInsecure = false): string {
  try {
    registryAddress(url, allowInsecure);
    return '';
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

test('host, port and prefix are read from the address', () => {
  const { host, plainHttp, prefix, origin } = registryAddress(
    'https://Registry.Example.com:5000/team/shop/',
    false,
  );
  assert.deepEqual(
    [host, plainHttp, prefix, origin],
    ['registry.example.com:5000', false, 'team/shop', 'https://registry.example.com:5000'],
  );
  assert.deepEqual(registryAddress('http://[::1]:5000', false).host, '[::1]:5000');
});

test('private addresses are taken: that is where registries are', () => {
  for (const url of [
    'https://10.0.0.5',
    'https://192.168.1.9:5000',
    'https://[fd12::1]',
    'http://127.0.0.1:5000',
    'http://localhost',
  ]) {
    assert.equal(codeOf(url), '', url);
  }
});

test('http to other machines must be allowed', () => {
  assert.equal(codeOf('http://10.0.0.5:5000'), 'GC_INVALID_REQUEST');
  assert.equal(codeOf('http://10.0.0.5:5000', true), '');
  assert.equal(codeOf('http://127.0.0.1.example.com'), 'GC_INVALID_REQUEST');
});

test('addresses where machines ask for credentials are refused, however they are written', () => {
  for (const url of [
    'https://169.254.169.254',
    'http://169.254.169.254',
    'https://0xA9FEA9FE',
    'https://2852039166',
    'https://0251.0376.0251.0376',
    'https://[::ffff:169.254.169.254]',
    'https://[64:ff9b::a9fe:a9fe]',
    'https://[fe80::1]',
    'https://[fd00:ec2::254]',
    'https://metadata.google.internal',
    'https://METADATA.google.internal.',
    'https://100.100.100.200',
    'https://0.0.0.0:5000',
    'https://[::]',
  ]) {
    assert.equal(codeOf(url, true), 'GC_REGISTRY_ADDRESS', url);
  }
  assert.equal(isForbiddenAddress('not an address'), false);
});

test('what is no plain address is refused', () => {
  for (const url of [
    '',
    'ftp://h',
    'https://u:p@h',
    'https://u@h',
    'https://h?x=1',
    'https://h/#f',
    'https://h/Team',
    'https://h/a//b',
    'https://h/../x%2f',
  ]) {
    assert.equal(codeOf(url, true), 'GC_INVALID_REQUEST', url);
  }
});
