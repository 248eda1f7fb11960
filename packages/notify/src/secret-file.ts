// Reads the HMAC key from its file.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { systemErrorCode } from '@guardcell/kit';
import { secretKey } from './signature.ts';

const MAX_BYTES = 4096;
const SHORT_KEY_BYTES = 16;
const OTHERS = 0o077;

export type SecretResult =
  | { readonly ok: true; readonly key: Uint8Array; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly detail: string };

const OPEN_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
};

async function readKey(file: FileHandle): Promise<SecretResult> {
  const facts = await file.stat();
  if (!facts.isFile()) return { ok: false, detail: 'The secret file is not a regular file.' };
  if (facts.size > MAX_BYTES)
    return { ok: false, detail: `The secret file is larger than ${MAX_BYTES} bytes.` };
  const buffer = new Uint8Array(MAX_BYTES);
  const { bytesRead } = await file.read(buffer, 0, MAX_BYTES, 0);
  const key = secretKey(Buffer.from(buffer.subarray(0, bytesRead)).toString('utf8').trim());
  if (key.length === 0) return { ok: false, detail: 'The secret file is empty.' };
  const warnings: string[] = [];
  if ((facts.mode & OTHERS) !== 0) warnings.push('the secret file can be read by others than its owner');
  if (key.length < SHORT_KEY_BYTES) warnings.push(`the secret is shorter than ${SHORT_KEY_BYTES} bytes`);
  return { ok: true, key, warnings };
}

/** The key in a file, without the white space around it. Neither path nor content appear in what it says. */
export async function readSecretFile(path: string): Promise<SecretResult> {
  let file: FileHandle | undefined;
  try {
    // Without O_NONBLOCK opening a named pipe would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return await readKey(file);
  } catch (thrown) {
    const why = OPEN_ERRORS[systemErrorCode(thrown) ?? ''] ?? 'could not be read';
    return { ok: false, detail: `The secret file ${why}.` };
  } finally {
    await file?.close();
  }
}
