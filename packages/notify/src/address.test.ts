import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalAddress, isPublicAddress, needsExplicitAddress } from './address.ts';

const PRIVATE = `0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254
  169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255
  198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
  :: ::1 ::ffff:127.0.0.1 ::ffff:a00:1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1
  2001::1 2001:db8::1 2002:7f00:1::1 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1`.split(
  /\s+/,
);

const PUBLIC = `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1
  172.15.255.255 172.32.0.0 192.167.255.255 223.255.255.255 2606:4700::1111 2a00:1450::1 ::ffff:8.8.8.8`.split(
  /\s+/,
);

test('private, local, reserved and translated addresses are not public', () => {
  for (const text of PRIVATE) assert.equal(isPublicAddress(canonicalAddress(text) ?? ''), false, text);
});

test('ordinary addresses beside the reserved blocks are public', () => {
  for (const text of PUBLIC) assert.equal(isPublicAddress(canonicalAddress(text) ?? ''), true, text);
});

test('an IPv4-mapped address is its IPv4 address, whatever its spelling', () => {
  for (const text of [
    '::ffff:127.0.0.1',
    '0:0:0:0:0:FFFF:7F00:0001',
    '[::ffff:7f00:1]',
    '::ffff:127.0.0.1%lo',
  ]) {
    assert.equal(canonicalAddress(text), '127.0.0.1', text);
  }
  assert.equal(canonicalAddress('localhost'), undefined);
});

test('metadata, multicast and unspecified addresses need an explicit entry', () => {
  for (const text of [
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    'fe80::1',
    '::',
    'ff02::1',
    'fd00:ec2::254',
  ]) {
    assert.equal(needsExplicitAddress(text), true, text);
  }
  for (const text of ['127.0.0.1', '10.0.0.1', '::1', 'fd00::1']) {
    assert.equal(needsExplicitAddress(text), false, text);
  }
});
