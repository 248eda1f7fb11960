// `guardcell k8s audit-config`: what an API server needs to send its audit events here, with a key made for it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ApiKeyCreated, Status } from '@guardcell/contract';
import { CodedError, makeFolder } from '@guardcell/kit';
import { stringify } from 'yaml';
import { type Command, type CommandContext, EXIT, text } from '../../command.ts';
import { PROJECT_ROOT } from '../../paths.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

const POLICY_FILE = join(PROJECT_ROOT, 'content/kubernetes/audit-policy.yaml');
const WEBHOOK_PATH = '/k8s-audit';
const DEFAULT_DAYS = '365';
const ON_HOST = '/etc/kubernetes/guardcell';

export interface WebhookTarget {
  /** Address of the platform as the API server reaches it. */
  readonly url: string;
  readonly token: string;
  /** PEM of the authority that signed the platform's certificate; empty: one that the API server knows. */
  readonly authority: string;
}

/** A kubeconfig as `--audit-webhook-config-file` wants it. */
export function webhookKubeconfig({ url, token, authority }: WebhookTarget): string {
  const name = 'guardcell';
  const address = new URL(url);
  address.pathname = `${address.pathname.replace(/\/+$/, '')}${WEBHOOK_PATH}`;
  // API servers send a token only over https; over http they take the key out of the address.
  const plain = address.protocol === 'http:';
  if (plain) {
    address.username = 'audit';
    address.password = token;
  }
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: address.href,
          ...(authority !== '' && {
            'certificate-authority-data': Buffer.from(authority).toString('base64'),
          }),
        },
      },
    ],
    users: [{ name, user: plain ? {} : { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

function instructions(folder: string): string {
  return [
    'Put both files on the machine of the API server and start kube-apiserver with:',
    `  --audit-policy-file=${folder}/audit-policy.yaml`,
    `  --audit-webhook-config-file=${folder}/audit-webhook.yaml`,
    '  --audit-webhook-batch-max-wait=1s',
    'In a static pod, mount the folder into it. The file audit-webhook.yaml holds a key: keep it readable for root only.',
    '',
  ].join('\n');
}

function authorityIn(path: string | undefined): string {
  if (path === undefined) return '';
  try {
    const pem = readFileSync(path, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch (cause) {
    throw new CodedError('GC_USAGE_PATH_NOT_FOUND', 'the certificate cannot be read', { at: path, cause });
  }
  throw new CodedError('GC_USAGE', 'the file holds no certificate in PEM form', { at: path });
}

function addressIn(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return given;
  throw new CodedError('GC_USAGE', `'${given}' is not an address`, {
    hint: 'For example --url https://guardcell.example.org.',
  });
}

function write(context: CommandContext, folder: string, kubeconfig: string, policy: string): void {
  makeFolder(folder, 0o700);
  writeFileSync(join(folder, 'audit-webhook.yaml'), kubeconfig, { mode: 0o600 });
  writeFileSync(join(folder, 'audit-policy.yaml'), policy, { mode: 0o644 });
  context.out(`${join(folder, 'audit-webhook.yaml')}\n${join(folder, 'audit-policy.yaml')}\n`);
}

export const auditConfig: Command = {
  name: 'k8s audit-config',
  summary: 'make a key and print the webhook configuration and audit policy for an API server',
  usage: '',
  options: {
    url: {
      type: 'string',
      value: 'URL',
      help: "the platform's address as the API server reaches it (default: as users do)",
    },
    ca: { type: 'string', value: 'FILE', help: "authority of the platform's certificate, PEM" },
    out: { type: 'string', value: 'DIR', help: 'write the two files there instead of printing them' },
    name: { type: 'string', value: 'NAME', help: 'name of the key (default kube-apiserver)' },
    days: { type: 'string', value: 'N', help: `days until the key expires (default ${DEFAULT_DAYS})` },
    ...PLATFORM_OPTIONS,
  },
  examples: [
    'guardcell k8s audit-config --out ./audit --url https://guardcell.example.org',
    'guardcell k8s audit-config | less',
  ],
  async run(context) {
    const { options } = context;
    const days = text(options, 'days') ?? DEFAULT_DAYS;
    if (!/^\d{1,3}$/.test(days)) throw new CodedError('GC_USAGE', `'${days}' is not a number of days`);
    const authority = authorityIn(text(options, 'ca'));
    const given = addressIn(text(options, 'url'));
    const policy = readFileSync(POLICY_FILE, 'utf8');
    const client = connect(context);
    const url = given ?? (await client.call<Status>('GET', '/api/v1/status')).url;
    const name = text(options, 'name') ?? 'kube-apiserver';
    const body = { name, role: 'audit-ingest', expiresInDays: Number(days) };
    const { key, token } = await client.call<ApiKeyCreated>('POST', '/api/v1/api-keys', { body });
    const kubeconfig = webhookKubeconfig({ url, token, authority });
    if (url.startsWith('http:') && !/^http:\/\/(?:localhost|127\.|\[::1\])/.test(url)) {
      context.err(
        'The key and the events go over the network in the clear: better put TLS in front of the platform.\n',
      );
    }
    const out = text(options, 'out');
    if (out !== undefined) write(context, resolve(out), kubeconfig, policy);
    else {
      context.out(`# audit-webhook.yaml\n${kubeconfig}---\n# audit-policy.yaml\n${policy}`);
    }
    context.err(
      `Key ${key.id}, valid until ${key.expiresAt.slice(0, 10)}.\n${instructions(out === undefined ? ON_HOST : resolve(out))}`,
    );
    return EXIT.ok;
  },
};
