// The data folder: where everything that must survive a restart lives, and the secrets other local processes read.
import { chmod, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CodedError, needOwnFolder, randomSecret, systemErrorCode } from '@guardcell/kit';

const SOCKET_PATH_MAX_BYTES = 107;

export interface DataDir {
  readonly root: string;
  readonly stateFile: string;
  readonly eventsDir: string;
  readonly credentialFile: string;
  readonly agentTokenFile: string;
  /** Holds the first administrator's password until it has been shown. */
  readonly firstPasswordFile: string;
  /** Where response rules made through the API may take signing keys from. */
  readonly secretsDir: string;
  /** Rule files that users write in the console or by hand. */
  readonly rulesDir: string;
  readonly agentSocket: string;
}

async function proveWritable(root: string): Promise<void> {
  const probe = join(root, `.write-probe-${process.pid}`);
  const file = await open(probe, 'w', 0o600);
  await file.close();
  await rm(probe, { force: true });
}

/**
 * Creates the folder (mode 0700) when needed and proves that it can be written.
 * @throws CodedError GC_DATA_DIR_NOT_WRITABLE, GC_DATA_DIR_FOREIGN, GC_SOCKET_PATH_TOO_LONG.
 */
export async function openDataDir(root: string, agentSocket = ''): Promise<DataDir> {
  const socket = agentSocket === '' ? join(root, 'agent.sock') : agentSocket;
  if (Buffer.byteLength(socket) > SOCKET_PATH_MAX_BYTES) {
    throw new CodedError(
      'GC_SOCKET_PATH_TOO_LONG',
      'the path of the agent socket is too long for the system',
      {
        at: socket,
        hint: `Choose a data folder with a shorter path; a socket's path has at most ${SOCKET_PATH_MAX_BYTES} bytes.`,
      },
    );
  }
  const eventsDir = join(root, 'events');
  try {
    needOwnFolder(root);
    await mkdir(eventsDir, { recursive: true, mode: 0o700 });
    await mkdir(join(root, 'secrets'), { recursive: true, mode: 0o700 });
    await mkdir(join(root, 'rules.d'), { recursive: true, mode: 0o700 });
    await chmod(root, 0o700);
    await proveWritable(root);
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    // A full disk is not a reason to stay away: what is stored can be read, and space may come back.
    if (systemErrorCode(cause) !== 'ENOSPC') {
      throw new CodedError('GC_DATA_DIR_NOT_WRITABLE', 'the data folder cannot be written', {
        at: root,
        cause,
        hint: 'Choose another folder with --data, or give this user write access to it.',
      });
    }
  }
  return {
    root,
    stateFile: join(root, 'state.sqlite'),
    eventsDir,
    credentialFile: join(root, 'credential.json'),
    agentTokenFile: join(root, 'agent-token'),
    firstPasswordFile: join(root, 'first-password'),
    secretsDir: join(root, 'secrets'),
    rulesDir: join(root, 'rules.d'),
    agentSocket: socket,
  };
}

/** Replaces a file in one step; only its owner can read it. */
export async function writePrivate(file: string, content: string): Promise<void> {
  const next = `${file}.${process.pid}.new`;
  await writeFile(next, content, { mode: 0o600, flush: true });
  await rename(next, file);
}

/** The token in a file of one line, made at the first start. */
export async function readOrCreateToken(file: string, prefix: string): Promise<string> {
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (known.length >= 32) {
    await chmod(file, 0o600);
    return known;
  }
  const token = prefix + randomSecret(32);
  await writePrivate(file, `${token}\n`);
  return token;
}

function tokenOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'token' in value && typeof value.token === 'string') {
      return value.token;
    }
  } catch {
    // A damaged credential file is replaced.
  }
  return '';
}

/** The command line's way in: `{url, token}`; the token stays the same over restarts, the URL may change. */
export async function writeCredential(file: string, url: string): Promise<string> {
  const present = await readFile(file, 'utf8').catch(() => '');
  const known = tokenOf(present);
  const token = known.length >= 32 ? known : `gcl_${randomSecret(32)}`;
  const wanted = `${JSON.stringify({ url, token })}\n`;
  // Nothing is written when nothing changed, so that a restart works on a full disk too.
  if (wanted !== present) await writePrivate(file, wanted);
  return token;
}

/**
 * Makes way for listening on a Unix socket: removes one that nobody listens on any more.
 * @throws CodedError GC_DATA_DIR_IN_USE when another server answers there.
 */
export async function claimSocket(path: string): Promise<void> {
  const alive = await new Promise<boolean>((done) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      done(true);
    });
    probe.once('error', () => done(false));
  });
  if (alive) {
    throw new CodedError('GC_DATA_DIR_IN_USE', 'another Guardcell server uses this data folder', {
      at: path,
      hint: 'Stop it, or choose another folder with --data.',
    });
  }
  await rm(path, { force: true });
}
