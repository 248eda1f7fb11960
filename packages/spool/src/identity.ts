// Who this sensor is: a random id for life, and an epoch that changes whenever its numbering begins anew.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@guardcell/kit';
import { readJsonFile, replaceFile } from './durable-file.ts';

export interface Identity {
  /** 13 characters of lower-case base32 (RFC 4648 alphabet). */
  readonly sensor: string;
  readonly epoch: number;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function randomSensor(): string {
  let id = '';
  for (const byte of randomBytes(13)) id += BASE32.charAt(byte % 32);
  return id;
}

function isIdentity(value: unknown): value is Identity {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sensor' in value &&
    typeof value.sensor === 'string' &&
    /^[a-z2-7]{8,32}$/.test(value.sensor) &&
    'epoch' in value &&
    Number.isSafeInteger(value.epoch)
  );
}

const fileIn = (dir: string): string => join(dir, 'identity.json');

/** The identity that the folder has, or undefined. */
export function readIdentity(dir: string): Identity | undefined {
  const value = readJsonFile(fileIn(dir));
  return isIdentity(value) ? { sensor: value.sensor, epoch: value.epoch } : undefined;
}

/** A new epoch of the sensor, or of a new sensor; durable when it returns. Epochs are seconds since 1970 at least. */
export function renewIdentity(dir: string, before: Identity | undefined, clock: Clock): Identity {
  const epoch = Math.max((before?.epoch ?? 0) + 1, Math.floor(clock.nowMs() / 1000));
  const identity = { sensor: before?.sensor ?? randomSensor(), epoch };
  replaceFile(fileIn(dir), JSON.stringify(identity), true);
  return identity;
}
