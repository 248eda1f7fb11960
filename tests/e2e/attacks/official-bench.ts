// One platform with all official rule files, unmodified, and the container engine that it watches.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Status } from '@guardcell/contract';
import { ensureImage, TOOLS_IMAGE } from '../../support/images.ts';
import {
  type LimitedDocker,
  startLimitedDocker,
  withholdsSysResource,
} from '../../support/limited-docker.ts';
import { eventually, type Platform, startPlatform } from '../../support/platform.ts';

/** Not part of a user's checkout: without it the suites are skipped. */
export const OFFICIAL_RULES = resolve(import.meta.dirname, '../../../../shared/compat/falco/rules');
const FILES = ['falco_rules.yaml', 'falco-incubating_rules.yaml', 'falco-sandbox_rules.yaml'];

/** Runs as the last program of a benign script: what came before it has been judged when its alert is there. */
export const END = 'gc-end-of-script';
export const END_RULE = 'end of the script';

/** Namespace and cluster address that the site's own additions name. */
export const SITE_NAMESPACE = 'gc-shop';
export const API_SERVER_IP = '10.43.0.1';

/** Address that the site's hosts file gives to a mining pool. */
export const MINER_POOL_IP = '198.51.100.7';
const HOSTS = `${MINER_POOL_IP} pool.minexmr.com\n`;

const SENSITIVE_SOURCES = [
  '/proc*',
  '/var/run/docker.sock',
  '/var/run/crio/crio.sock',
  '/run/containerd/containerd.sock',
  '/var/lib/kubelet',
  '/var/lib/kubelet/pki',
  '/',
  '/home/admin',
  '/etc',
  '/etc/kubernetes',
  '/etc/kubernetes/manifests',
  '/root*',
];

/** Placeholders of the official files that a site is meant to fill in. */
const SITE_MACROS: Readonly<Record<string, string>> = {
  allowed_containers: 'container.id exists and not container.label.site = rogue',
  // The official macro asks whether a mount is not called <NA>, which is true of a mount that is not there.
  user_sensitive_mount_containers: `not (${SENSITIVE_SOURCES.map((path) => `container.mount.dest[${path}] exists`).join(' or ')})`,
  // runc prepares the container from within its control group.
  user_known_container_drift_activities: 'proc.name startswith "runc:["',
};

const END_RULE_FILE = `- rule: ${END_RULE}
  desc: d
  condition: evt.type = execve and evt.rawres = 0 and proc.args = ${END}
  output: end
  priority: INFO
`;

export interface OfficialBench extends AsyncDisposable {
  readonly platform: Platform;
  /** Arguments that make the docker client talk to the engine that the platform watches. */
  readonly docker: readonly string[];
  readonly scratch: string;
}

/** What a site adds to the official files without changing them: switches disabled rules on, fills empty lists. */
function siteFile(): string {
  const lines = [
    `- list: namespace_scope_network_only_subnet\n  items: [${SITE_NAMESPACE}]\n  override: { items: append }\n`,
    ...Object.entries(SITE_MACROS).map(([name, text]) => `- macro: ${name}\n  condition: (${text})\n`),
  ];
  for (const file of FILES) {
    const text = readFileSync(join(OFFICIAL_RULES, file), 'utf8');
    for (const block of text.split(/^(?=- )/m)) {
      const name = /^- rule: (.+)$/m.exec(block)?.[1];
      if (name !== undefined && /^ {2}enabled: false$/m.test(block)) {
        lines.push(`- rule: ${name}\n  enabled: true\n  override: { enabled: replace }\n`);
      }
    }
  }
  return lines.join('');
}

/** @throws Error saying why, when the platform is up but cannot see anything. */
async function sensorRuns(platform: Platform): Promise<void> {
  const { sensor } = await eventually('the agent has reported', 10_000, async () => {
    const status = await platform.json<Status>('status');
    return status.agents.length > 0 && status.sensor.state !== 'starting' ? status : undefined;
  });
  if (sensor.state !== 'running') throw new Error(`sensor ${sensor.state}: ${sensor.detail}`);
}

/** Starts both. On a machine that lacks a capability the engine is one that does not ask for it. */
export async function startOfficialBench(): Promise<OfficialBench> {
  await ensureImage(TOOLS_IMAGE);
  const scratch = mkdtempSync(join(tmpdir(), 'guardcell-official-'));
  let engine: LimitedDocker | undefined;
  let platform: Platform | undefined;
  async function stop(): Promise<void> {
    await platform?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true, force: true });
  }
  try {
    const site = join(scratch, 'site.yaml');
    const end = join(scratch, 'zz-end.yaml');
    writeFileSync(site, siteFile());
    writeFileSync(end, END_RULE_FILE);
    const hosts = join(scratch, 'hosts');
    writeFileSync(hosts, HOSTS);
    if (withholdsSysResource()) engine = await startLimitedDocker(TOOLS_IMAGE);
    platform = await startPlatform({
      rules: [...FILES.map((file) => join(OFFICIAL_RULES, file)), site, end],
      env: {
        KUBERNETES_SERVICE_HOST: API_SERVER_IP,
        GUARDCELL_HOSTS_FILE: hosts,
        ...(engine !== undefined && { DOCKER_HOST: engine.host }),
      },
    });
    await sensorRuns(platform);
    const docker = engine === undefined ? [] : ['-H', engine.host];
    return { platform, docker, scratch, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
