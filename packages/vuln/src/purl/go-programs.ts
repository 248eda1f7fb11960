// Programs written in Go that the catalogue of applications has under names of its own, by the module they are built from.
import type { SoftwarePackage } from '@guardcell/core';

const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['github.com/hashicorp/vault', 'vault'],
  ['github.com/hashicorp/consul', 'consul'],
  ['github.com/traefik/traefik', 'traefik'],
  ['github.com/containous/traefik', 'traefik'],
  ['go.etcd.io/etcd', 'etcd'],
  ['go.etcd.io/etcd/server', 'etcd'],
  ['github.com/grafana/grafana', 'grafana'],
  ['github.com/prometheus/prometheus', 'prometheus'],
  ['github.com/prometheus/alertmanager', 'alertmanager'],
  ['github.com/minio/minio', 'minio'],
  ['github.com/caddyserver/caddy', 'caddy'],
  ['github.com/influxdata/influxdb', 'influxdb'],
  ['github.com/nats-io/nats-server', 'nats'],
  ['k8s.io/kubernetes', 'kubernetes'],
  ['github.com/cloudflare/cloudflared', 'cloudflared'],
  ['github.com/argoproj/argo-cd', 'argo-cd'],
  ['helm.sh/helm', 'helm'],
  ['code.gitea.io/gitea', 'gitea'],
  ['github.com/oauth2-proxy/oauth2-proxy', 'oauth2-proxy'],
  ['github.com/rclone/rclone', 'rclone'],
  ['github.com/sigstore/cosign', 'cosign'],
  ['github.com/syncthing/syncthing', 'syncthing'],
  ['github.com/argoproj/argo-workflows', 'argo-workflows'],
]);

/**
 * The application that a module is, when it was found as the program itself: a library of the same name follows
 * another count of versions.
 */
export function goApplication({ type, name, direct, locations }: SoftwarePackage): string | undefined {
  if (type !== 'golang' || direct !== true) return undefined;
  if (locations.length === 0 || locations.some(({ path }) => path.endsWith('/go.mod'))) return undefined;
  return PROGRAMS.get(name.replace(/\/v\d+$/, ''));
}
