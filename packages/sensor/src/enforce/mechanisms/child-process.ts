// Runs a system tool with an argument list (never a shell), bounded input, output and time.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { CodedError } from '@guardcell/kit';

const MAX_OUTPUT_BYTES = 1024 * 1024;
const TOOL_FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

export interface ToolRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly input?: string;
  /** A descriptor that the tool gets as number 3. */
  readonly extraFd?: number;
  readonly signal: AbortSignal;
}

/** The full path of a tool in the usual system folders, whatever PATH says; undefined when it is not installed. */
export function findTool(name: string): string | undefined {
  return TOOL_FOLDERS.map((folder) => `${folder}/${name}`).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @throws CodedError GC_TOOL_MISSING with the package to install. */
export function requireTool(name: string, debianPackage: string): string {
  const path = findTool(name);
  if (path !== undefined) return path;
  throw new CodedError('GC_TOOL_MISSING', `${name} is not installed`, {
    hint: `Install it: apt-get install ${debianPackage}`,
  });
}

/**
 * Runs a tool to its end; a result other than 0 is a return value.
 * @throws CodedError GC_TOOL_FAILED when it cannot be started, says too much, or is interrupted.
 */
export function runTool(path: string, args: readonly string[], options: ToolOptions): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [...args], {
      stdio: ['pipe', 'pipe', 'pipe', ...(options.extraFd === undefined ? [] : [options.extraFd])],
      env: { PATH: TOOL_FOLDERS.join(':'), LC_ALL: 'C' },
      signal: options.signal,
      killSignal: 'SIGKILL',
    });
    const output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    let sizeBytes = 0;
    function collect(to: Buffer[], chunk: Buffer): void {
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_OUTPUT_BYTES) child.kill('SIGKILL');
      else to.push(chunk);
    }
    child.stdout?.on('data', (chunk: Buffer) => collect(output.stdout, chunk));
    child.stderr?.on('data', (chunk: Buffer) => collect(output.stderr, chunk));
    child.on('error', (cause) => {
      reject(new CodedError('GC_TOOL_FAILED', `${path} did not run: ${cause.message}`, { cause }));
    });
    child.on('close', (code) => {
      if (sizeBytes > MAX_OUTPUT_BYTES) {
        reject(new CodedError('GC_TOOL_FAILED', `${path} said more than ${MAX_OUTPUT_BYTES} bytes`));
        return;
      }
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(output.stdout).toString('utf8'),
        stderr: Buffer.concat(output.stderr).toString('utf8'),
      });
    });
    // A tool that ends without reading its input is judged by its result.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}
