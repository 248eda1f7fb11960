// A self-signed certificate made on the spot, for tests of TLS. Not part of the package's surface.
import { generateKeyPairSync, sign } from 'node:crypto';

function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.from(head), content]);
}

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const text = (tag: number, value: string): Uint8Array => tlv(tag, Buffer.from(value, 'utf8'));

const ECDSA_SHA256 = tlv(0x30, hex('06082a8648ce3d040302'));

function commonName(name: string): Uint8Array {
  return tlv(0x30, tlv(0x31, tlv(0x30, hex('0603550403'), text(0x0c, name))));
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Key and certificate (PEM) for one DNS name, valid from 2020 to 2049. */
export function selfSigned(name: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const altName = tlv(0x30, hex('0603551d11'), tlv(0x04, tlv(0x30, text(0x82, name))));
  const toSign = tlv(
    0x30,
    tlv(0xa0, hex('020102')),
    hex('020101'),
    ECDSA_SHA256,
    commonName(name),
    tlv(0x30, text(0x17, '200101000000Z'), text(0x17, '491231235959Z')),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, tlv(0x30, altName)),
  );
  const signature = sign('sha256', toSign, privateKey);
  const der = tlv(0x30, toSign, ECDSA_SHA256, tlv(0x03, hex('00'), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', der),
  };
}
