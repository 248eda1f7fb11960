// Where images come from and how one is let in: options of `scan image` and `scan registry`.
import { text as readText } from 'node:stream/consumers';
import type { OpenImageOptions, RegistryCredentials, RegistryOptions, RegistryTls } from '@guardcell/image';
import { CodedError } from '@guardcell/kit';
import { type CommandContext, flag, type OptionSpec, text, texts } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';

export const REGISTRY_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  platform: {
    type: 'string',
    value: 'OS/ARCH',
    help: 'which image of several; by default what suits this machine',
  },
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
  'token-file': {
    type: 'string',
    value: 'FILE',
    help: 'bearer token that the registry takes as it is; - reads standard input',
  },
  'auth-file': { type: 'string', value: 'FILE', help: 'configuration of docker or podman with credentials' },
  'ca-file': { type: 'string', value: 'FILE', help: 'trust these authorities too (PEM)' },
  'cert-file': { type: 'string', value: 'FILE', help: 'certificate that the registry knows us by (PEM)' },
  'key-file': { type: 'string', value: 'FILE', help: 'private key of --cert-file (PEM)' },
  'tls-skip-verify': {
    type: 'boolean',
    help: 'take any certificate: whoever sits between may read credentials and change images',
  },
  'plain-http': { type: 'boolean', help: 'HTTP without TLS, for registries on loopback' },
  'plain-http-anywhere': {
    type: 'boolean',
    help: 'HTTP without TLS, to other machines too: credentials travel in the clear',
  },
};

export const STORE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'docker-host': {
    type: 'string',
    value: 'ADDRESS',
    help: 'unix:///… or tcp://… of dockerd, for docker:NAME ($DOCKER_HOST)',
  },
  'containerd-socket': {
    type: 'string',
    value: 'FILE',
    help: 'socket of containerd, for containerd:NAME ($CONTAINERD_ADDRESS)',
  },
  'containerd-namespace': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'look in this namespace; repeatable; by default default, k8s.io, moby ($CONTAINERD_NAMESPACE)',
  },
};

/** @throws CodedError GC_USAGE for options that do not fit together and files that cannot be read. */
export async function imageOptions(context: CommandContext): Promise<OpenImageOptions> {
  const platform = text(context.options, 'platform');
  const dockerHost = text(context.options, 'docker-host');
  const containerdSocket = text(context.options, 'containerd-socket');
  const containerdNamespaces = texts(context.options, 'containerd-namespace');
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(dockerHost === undefined ? {} : { dockerHost }),
    ...(containerdSocket === undefined ? {} : { containerdSocket }),
    ...(containerdNamespaces.length === 0 ? {} : { containerdNamespaces }),
    registry: await registryOptions(context),
    signal: context.signal,
  };
}

async function registryOptions(context: CommandContext): Promise<RegistryOptions> {
  const access = await accessOf(context);
  const authFile = text(context.options, 'auth-file');
  const plainHttpAnywhere = flag(context.options, 'plain-http-anywhere');
  if (plainHttpAnywhere)
    context.err('warning: plain HTTP to other machines: credentials and images travel unprotected\n');
  return {
    plainHttp: flag(context.options, 'plain-http'),
    plainHttpAnywhere,
    ...access,
    ...(authFile === undefined ? {} : { authFile }),
    tls: tlsOf(context),
    signal: context.signal,
  };
}

function tlsOf(context: CommandContext): RegistryTls {
  const [caFile, certFile, keyFile] = ['ca-file', 'cert-file', 'key-file'].map((name) =>
    text(context.options, name),
  );
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new CodedError('GC_USAGE', '--cert-file and --key-file belong together');
  const insecureSkipVerify = flag(context.options, 'tls-skip-verify');
  if (insecureSkipVerify) {
    context.err(
      'WARNING: certificates are not verified: anybody between here and the registry can read credentials and hand out other images\n',
    );
  }
  return {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
    insecureSkipVerify,
  };
}

/** Passwords and tokens never come from the command line: every user of the machine can read that. */
async function accessOf(
  context: CommandContext,
): Promise<{ readonly credentials?: RegistryCredentials; readonly token?: string }> {
  const [username, passwordFile, tokenFile] = ['username', 'password-file', 'token-file'].map((name) =>
    text(context.options, name),
  );
  if (tokenFile !== undefined) {
    if (username !== undefined || passwordFile !== undefined)
      throw new CodedError('GC_USAGE', '--token-file stands in place of a user name and a password');
    const token = await secretFrom(tokenFile);
    // It becomes a header: anything else would be refused there without saying why.
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new CodedError('GC_USAGE', 'the file holds no token', { at: tokenFile });
    return { token };
  }
  if (username === undefined && passwordFile === undefined) return {};
  if (username === undefined || passwordFile === undefined) {
    throw new CodedError('GC_USAGE', '--username and --password-file belong together', {
      hint: '--password-file - reads the password from standard input.',
    });
  }
  return { credentials: { username, password: await secretFrom(passwordFile) } };
}

async function secretFrom(file: string): Promise<string> {
  const content = file === '-' ? await readText(process.stdin) : readNamedFile(file);
  return content.replace(/\r?\n$/, '');
}
