// `guardcell scan image`
import { text as readText } from 'node:stream/consumers';
import type { OpenImageOptions } from '@guardcell/image';
import { CodedError } from '@guardcell/kit';
import { type Command, type CommandContext, flag, text } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { runScan } from './run-scan.ts';
import { CACHE_OPTIONS, cacheOf, SCAN_OPTIONS } from './scan-options.ts';

export const scanImage: Command = {
  name: 'scan image',
  summary: 'scan a container image from a registry, a container store or an archive',
  usage: 'REFERENCE',
  options: {
    platform: {
      type: 'string',
      value: 'OS/ARCH',
      help: 'which image of several; by default what suits this machine',
    },
    'plain-http': { type: 'boolean', help: 'HTTP without TLS, for registries on loopback' },
    username: {
      type: 'string',
      value: 'NAME',
      help: "of the registry; by default docker's configuration is asked",
    },
    'password-file': {
      type: 'string',
      value: 'FILE',
      help: 'password of the registry; - reads standard input',
    },
    'auth-file': {
      type: 'string',
      value: 'FILE',
      help: 'configuration of docker or podman with credentials',
    },
    'ca-file': { type: 'string', value: 'FILE', help: 'trust these authorities too (PEM)' },
    ...SCAN_OPTIONS,
    ...CACHE_OPTIONS,
  },
  examples: [
    'guardcell scan image docker:web:latest',
    'guardcell scan image registry.example.com/web:1.2 --fail-on high',
    'guardcell scan image docker-archive:web.tar -o json',
    'guardcell scan image oci:layout-folder --platform linux/arm64',
  ],
  async run(context) {
    const [reference, ...more] = context.positionals;
    if (reference === undefined || more.length > 0) {
      throw new CodedError('GC_USAGE', 'name one image', {
        hint: 'guardcell scan image --help shows examples.',
      });
    }
    const cache = cacheOf(context);
    const image = await imageOptions(context);
    return runScan(
      context,
      { kind: 'image', reference },
      { image, ...(cache === undefined ? {} : { cache }) },
    );
  },
};

async function imageOptions(context: CommandContext): Promise<OpenImageOptions> {
  const platform = text(context.options, 'platform');
  const credentials = await credentialsOf(context);
  const authFile = text(context.options, 'auth-file');
  const caFile = text(context.options, 'ca-file');
  return {
    ...(platform === undefined ? {} : { platform }),
    registry: {
      plainHttp: flag(context.options, 'plain-http'),
      ...(credentials === undefined ? {} : { credentials }),
      ...(authFile === undefined ? {} : { authFile }),
      ...(caFile === undefined ? {} : { tls: { caFile } }),
      signal: context.signal,
    },
    signal: context.signal,
  };
}

/** Passwords never come from the command line: every user of the machine can read that. */
async function credentialsOf(
  context: CommandContext,
): Promise<{ readonly username: string; readonly password: string } | undefined> {
  const username = text(context.options, 'username');
  const file = text(context.options, 'password-file');
  if (username === undefined && file === undefined) return undefined;
  if (username === undefined || file === undefined) {
    throw new CodedError('GC_USAGE', '--username and --password-file belong together', {
      hint: '--password-file - reads the password from standard input.',
    });
  }
  const password = file === '-' ? await readText(process.stdin) : readNamedFile(file);
  return { username, password: password.replace(/\r?\n$/, '') };
}
