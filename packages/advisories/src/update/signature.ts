// Ed25519 signatures over the sha256 of a database file.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CodedError } from '@guardcell/kit';

/** Hexadecimal sha256 of a file, read as a stream. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Signs a digest.
 * @param privateKey PEM (PKCS #8) of an Ed25519 key.
 * @throws CodedError GC_DB_KEY when the key is none.
 */
export function signDigest(sha256: string, privateKey: string): string {
  try {
    const key = createPrivateKey(privateKey);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a key of type ${key.asymmetricKeyType}`);
    return sign(null, Buffer.from(sha256, 'hex'), key).toString('base64');
  } catch (cause) {
    throw new CodedError('GC_DB_KEY', 'the signing key is no Ed25519 private key in PEM', {
      hint: 'Make one: openssl genpkey -algorithm ed25519 -out key.pem.',
      cause,
    });
  }
}

/** The signature lies beside the database. */
export function signatureFile(database: string): string {
  return `${database}.sig`;
}

/** Whether one of the keys (PEM, SPKI) made the signature. @throws CodedError GC_DB_KEY for a key that cannot be read. */
export function isSignedBy(sha256: string, signature: string, publicKeys: readonly string[]): boolean {
  return publicKeys.some((pem) => {
    let key: ReturnType<typeof createPublicKey>;
    try {
      key = createPublicKey(pem);
    } catch (cause) {
      throw new CodedError('GC_DB_KEY', 'a trusted key is no public key in PEM', { cause });
    }
    return (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, Buffer.from(sha256, 'hex'), key, Buffer.from(signature, 'base64'))
    );
  });
}

/** @throws CodedError GC_DB_SIGNATURE when keys are trusted and none of them signed. */
export function needSignature(
  sha256: string,
  signature: string,
  publicKeys: readonly string[],
  at: string,
): void {
  if (publicKeys.length === 0 || isSignedBy(sha256, signature, publicKeys)) return;
  throw new CodedError(
    'GC_DB_SIGNATURE',
    signature === ''
      ? 'the vulnerability database is not signed'
      : 'no trusted key made the signature of the database',
    { at, hint: 'Take the database from its publisher, or check which keys are trusted.' },
  );
}
