// Runs git on a repository that may be hostile: nothing that its configuration, attributes or hooks name is started, and
// nothing is fetched. Arguments are lists, there is no shell.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CodedError, systemErrorCode } from '@guardcell/kit';

/** Settings that would run programs or reach the network; the command line goes before the repository's own file. */
const SAFE_SETTINGS: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.editor=false',
  'core.sshCommand=false',
  'core.askPass=',
  'core.attributesFile=/dev/null',
  'core.alternateRefsCommand=false',
  'core.commitGraph=false',
  'credential.helper=',
  'diff.external=',
  'diff.renames=false',
  'diff.ignoreSubmodules=all',
  'gpg.program=false',
  'gpg.ssh.program=false',
  'log.showSignature=false',
  'log.mailmap=false',
  'protocol.allow=never',
  'safe.bareRepository=all',
  // Others may own it: in CI they often do, and the settings above are why it is safe to read.
  'safe.directory=*',
  'submodule.recurse=false',
];

const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_EXTERNAL_DIFF: '',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_NO_LAZY_FETCH: '1',
  // Replaced objects would hide what commits really hold.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
};

const MAX_COMPLAINT = 2_000;
const MAX_ANSWER = 1 << 20;

export interface GitOptions {
  readonly signal?: AbortSignal;
  /** Of a hook that runs before a commit: the index which that commit is made of. */
  readonly indexFile?: string;
}

/** A running git. */
export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Waits for its end. @throws CodedError GC_GIT_MISSING, GC_HISTORY_GIT with what git said. */
  done(): Promise<void>;
  /** Ends it; what it was doing does not matter any more. */
  stop(): void;
}

/** Starts git in a folder. */
export function startGit(folder: string, args: readonly string[], options: GitOptions = {}): GitProcess {
  const settings = SAFE_SETTINGS.flatMap((setting) => ['-c', setting]);
  const index = options.indexFile === undefined ? {} : { GIT_INDEX_FILE: options.indexFile };
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    'git',
    ['--no-pager', '--literal-pathspecs', ...settings, '-C', folder, ...args],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...ENVIRONMENT, ...index },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      killSignal: 'SIGKILL',
    },
  );
  let complaint = '';
  let isStopped = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < MAX_COMPLAINT) complaint += text;
  });
  child.stdin.on('error', () => undefined);
  const ended = Promise.withResolvers<void>();
  // Nobody may be waiting yet.
  ended.promise.catch(() => undefined);
  child.on('error', (error) => {
    if (options.signal?.aborted === true) ended.reject(error);
    else ended.reject(failure(folder, systemErrorCode(error) === 'ENOENT' ? undefined : error.message));
  });
  child.on('close', (code, killed) => {
    if (code === 0 || isStopped) ended.resolve();
    else ended.reject(failure(folder, complaint === '' ? `ended with ${killed ?? code}` : complaint));
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    done: () => ended.promise,
    stop() {
      isStopped = true;
      child.kill('SIGKILL');
    },
  };
}

/** `undefined` when there is no git. */
function failure(at: string, complaint: string | undefined): CodedError {
  if (complaint === undefined) {
    return new CodedError('GC_GIT_MISSING', 'history was not scanned: git is not installed', {
      at,
      hint: 'Install git, or leave history out with --no-history.',
    });
  }
  // Hints and warnings come before the reason.
  const lines = complaint.trim().split('\n');
  const line = lines.find((text) => /^(?:fatal|error): /.test(text)) ?? lines[0] ?? '';
  return new CodedError('GC_HISTORY_GIT', `git cannot read the repository: ${line.slice(0, 300)}`, { at });
}

/** Runs git to its end and gives what it printed. @throws as `GitProcess.done`. */
export async function runGit(
  folder: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const git = startGit(folder, args, options);
  git.stdin.end();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of git.stdout as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_ANSWER) chunks.push(chunk);
  }
  await git.done();
  return Buffer.concat(chunks).toString('utf8');
}
