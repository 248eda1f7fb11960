import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { auditEvent } from '../audit/audit-event.ts';
import { completeEnvironment } from '../engine/environment.ts';
import type { FieldValue } from './field.ts';
import { repositoryOf } from './k8s-audit-pod-fields.ts';
import { FIELDS, findField } from './registry.ts';

/** A request that has everything at once, which no real one has: one event for all fields. */
const EVENT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: 'a-1',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods?dryRun=All&command=sh&command=-c&x=a%2Bb+c',
  verb: 'create',
  user: { username: 'mallory', groups: ['devs', 'system:authenticated'] },
  impersonatedUser: { username: 'root' },
  sourceIPs: ['192.0.2.7', '198.51.100.1'],
  userAgent: 'kubectl/v1.31',
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web', subresource: '' },
  responseStatus: { code: 201, reason: 'Created' },
  responseObject: { metadata: { name: 'web-x7' } },
  annotations: {
    'authorization.k8s.io/decision': 'allow',
    'authorization.k8s.io/reason': 'RBAC',
    'authentication.openshift.io/decision': 'allow',
    'authentication.openshift.io/username': 'oscar',
    'validation.policy.admission.k8s.io/validation_failure': '[{"message":"no"}]',
    'pod-security.kubernetes.io/audit-violations': 'privileged',
    cluster_name: 'prod-1',
  },
  requestObject: {
    data: { password: 'x' },
    roleRef: { name: 'cluster-admin' },
    subjects: [
      { kind: 'User', name: 'eve' },
      { kind: 'ServiceAccount', name: 'bot', namespace: 'shop' },
      { kind: 'Group', name: 'ops' },
    ],
    rules: [
      { apiGroups: ['', 'apps'], resources: ['pods'], verbs: ['get', 'list'] },
      { nonResourceURLs: ['/metrics'], verbs: ['*'] },
    ],
    spec: {
      type: 'NodePort',
      ports: [{ port: 80 }, { port: 443 }],
      hostIPC: true,
      hostNetwork: true,
      hostPID: false,
      securityContext: { runAsUser: 1000, runAsGroup: 2000, fsGroup: 3000, supplementalGroups: [4000, 5000] },
      containers: [
        {
          name: 'one',
          image: 'registry.example:5000/team/app:1.0',
          command: ['sh', '-c'],
          args: ['sleep', '1'],
          ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 443 }],
          securityContext: {
            privileged: true,
            allowPrivilegeEscalation: true,
            readOnlyRootFilesystem: false,
            runAsUser: 0,
            runAsGroup: 1,
            procMount: 'Unmasked',
            capabilities: { add: ['SYS_ADMIN', 'NET_RAW'] },
          },
        },
        { name: 'two', image: 'busybox@sha256:abc' },
      ],
      initContainers: [
        {
          name: 'init',
          image: 'alpine:3',
          command: ['true'],
          args: ['-v'],
          ports: [{ hostPort: 22 }],
          securityContext: {
            privileged: false,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsUser: 7,
            runAsGroup: 8,
            procMount: 'Default',
            capabilities: { add: ['CHOWN'] },
          },
        },
      ],
      ephemeralContainers: [
        {
          name: 'debug',
          image: 'debug',
          command: ['bash'],
          args: ['-l'],
          securityContext: {
            privileged: true,
            allowPrivilegeEscalation: true,
            readOnlyRootFilesystem: false,
            runAsUser: 0,
            runAsGroup: 0,
            procMount: 'Default',
            capabilities: { add: ['SYS_PTRACE'] },
          },
        },
      ],
      volumes: [
        { name: 'a', hostPath: { path: '/etc' } },
        { name: 'b', emptyDir: {} },
        { name: 'c', hostPath: { path: '/var/log' } },
        { name: 'd', flexVolume: { driver: 'vendor/nfs' } },
      ],
    },
  },
  requestReceivedTimestamp: '2026-03-01T12:00:00.000001Z',
  stageTimestamp: '2026-03-01T12:00:00.123456789Z',
};

const EXPECTED: Readonly<Record<string, FieldValue>> = {
  'ka.auditid': 'a-1',
  'ka.stage': 'ResponseComplete',
  'ka.auth.decision': 'allow',
  'ka.auth.reason': 'RBAC',
  'ka.auth.openshift.decision': 'allow',
  'ka.auth.openshift.username': 'oscar',
  'ka.validations.admission.policy.failure': '[{"message":"no"}]',
  'ka.security.pod.violations': 'privileged',
  'ka.user.name': 'mallory',
  'ka.user.groups': ['devs', 'system:authenticated'],
  'ka.impuser.name': 'root',
  'ka.verb': 'create',
  'ka.uri': EVENT.requestURI,
  'ka.uri.param[command]': 'sh',
  'ka.uri.param[x]': 'a+b c',
  'ka.target.name': 'web',
  'ka.target.namespace': 'shop',
  'ka.target.resource': 'pods',
  'ka.target.subresource': '',
  'ka.target.pod.name': 'web-x7',
  'ka.req.binding.subjects': EVENT.requestObject.subjects.map((subject) => JSON.stringify(subject)),
  'ka.req.binding.subjects.user_names': ['eve'],
  'ka.req.binding.subjects.serviceaccount_names': ['bot'],
  'ka.req.binding.subjects.serviceaccount_ns_names': ['shop:bot'],
  'ka.req.binding.subjects.group_names': ['ops'],
  'ka.req.binding.role': 'cluster-admin',
  'ka.req.binding.subject.has_name[x]': 'true',
  'ka.req.configmap.name': 'web',
  'ka.req.configmap.obj': '{"password":"x"}',
  'ka.req.role.rules': EVENT.requestObject.rules.map((rule) => JSON.stringify(rule)),
  'ka.req.role.rules.apiGroups': ['', 'apps'],
  'ka.req.role.rules.nonResourceURLs': ['/metrics'],
  'ka.req.role.rules.verbs': ['get', 'list', '*'],
  'ka.req.role.rules.verbs[1]': ['*'],
  'ka.req.role.rules.resources': ['pods'],
  'ka.req.service.type': 'NodePort',
  'ka.req.service.ports': ['[{"port":80},{"port":443}]'],
  'ka.req.service.ports[1]': ['{"port":443}'],
  'ka.req.pod.host_ipc': 'true',
  'ka.req.pod.host_network': 'true',
  'ka.req.pod.host_pid': 'false',
  'ka.req.pod.run_as_user': '1000',
  'ka.req.pod.run_as_group': '2000',
  'ka.req.pod.fs_group': '3000',
  'ka.req.pod.supplemental_groups': ['4000', '5000'],
  'ka.req.pod.volumes.hostpath': ['/etc', '/var/log'],
  'ka.req.pod.volumes.hostpath[2]': ['/var/log'],
  'ka.req.pod.volumes.flexvolume_driver': ['vendor/nfs'],
  'ka.req.pod.volumes.volume_type': ['hostPath', 'emptyDir', 'hostPath', 'flexVolume'],
  'ka.req.volume.hostpath[/etc]': 'true',
  'ka.req.volume.hostpath[/var*]': 'true',
  'ka.req.volume.hostpath[/root]': 'false',
  'ka.req.container.image': 'registry.example:5000/team/app:1.0',
  'ka.req.container.image.repository': 'registry.example:5000/team/app',
  'ka.req.container.host_network': 'true',
  'ka.req.container.privileged': 'true',
  'ka.req.pod.containers.name': ['one', 'two'],
  'ka.req.pod.containers.image': ['registry.example:5000/team/app:1.0', 'busybox@sha256:abc'],
  'ka.req.pod.containers.image[1]': ['busybox@sha256:abc'],
  'ka.req.pod.containers.image.repository': ['registry.example:5000/team/app', 'busybox'],
  'ka.req.pod.containers.command': ['sh -c', '<NA>'],
  'ka.req.pod.containers.args': ['sleep 1', '<NA>'],
  'ka.req.pod.containers.privileged': ['true', '<NA>'],
  'ka.req.pod.containers.allow_privilege_escalation': ['true', '<NA>'],
  'ka.req.pod.containers.read_only_fs': ['false', '<NA>'],
  'ka.req.pod.containers.run_as_user': ['0', '<NA>'],
  'ka.req.pod.containers.eff_run_as_user': ['0', '1000'],
  'ka.req.pod.containers.run_as_group': ['1', '<NA>'],
  'ka.req.pod.containers.eff_run_as_group': ['1', '2000'],
  'ka.req.pod.containers.proc_mount': ['Unmasked', '<NA>'],
  'ka.req.pod.containers.add_capabilities': ['SYS_ADMIN', 'NET_RAW'],
  'ka.req.pod.containers.host_port': ['8080', '443'],
  'ka.req.pod.initContainers.name': ['init'],
  'ka.req.pod.initContainers.image': ['alpine:3'],
  'ka.req.pod.initContainers.image.repository': ['alpine'],
  'ka.req.pod.initContainers.command': ['true'],
  'ka.req.pod.initContainers.args': ['-v'],
  'ka.req.pod.initContainers.privileged': ['false'],
  'ka.req.pod.initContainers.allow_privilege_escalation': ['false'],
  'ka.req.pod.initContainers.read_only_fs': ['true'],
  'ka.req.pod.initContainers.run_as_user': ['7'],
  'ka.req.pod.initContainers.eff_run_as_user': ['7'],
  'ka.req.pod.initContainers.run_as_group': ['8'],
  'ka.req.pod.initContainers.eff_run_as_group': ['8'],
  'ka.req.pod.initContainers.proc_mount': ['Default'],
  'ka.req.pod.initContainers.add_capabilities': ['CHOWN'],
  'ka.req.pod.initContainers.host_port': ['22'],
  'ka.req.pod.ephemeralContainers.name': ['debug'],
  'ka.req.pod.ephemeralContainers.image': ['debug'],
  'ka.req.pod.ephemeralContainers.image.repository': ['debug'],
  'ka.req.pod.ephemeralContainers.command': ['bash'],
  'ka.req.pod.ephemeralContainers.args': ['-l'],
  'ka.req.pod.ephemeralContainers.privileged': ['true'],
  'ka.req.pod.ephemeralContainers.allow_privilege_escalation': ['true'],
  'ka.req.pod.ephemeralContainers.read_only_fs': ['false'],
  'ka.req.pod.ephemeralContainers.run_as_user': ['0'],
  'ka.req.pod.ephemeralContainers.eff_run_as_user': ['0'],
  'ka.req.pod.ephemeralContainers.run_as_group': ['0'],
  'ka.req.pod.ephemeralContainers.eff_run_as_group': ['0'],
  'ka.req.pod.ephemeralContainers.proc_mount': ['Default'],
  'ka.req.pod.ephemeralContainers.add_capabilities': ['SYS_PTRACE'],
  'ka.resp.name': 'web-x7',
  'ka.response.code': '201',
  'ka.response.reason': 'Created',
  'ka.useragent': 'kubectl/v1.31',
  'ka.sourceips': ['192.0.2.7', '198.51.100.1'],
  'ka.sourceips[0]': ['192.0.2.7'],
  'ka.cluster.name': 'prod-1',
  'jevt.value[/stage]': 'ResponseComplete',
  'jevt.value[stage]': 'ResponseComplete',
  'jevt.value[/responseStatus/code]': '201',
  'jevt.value[/requestObject/spec/hostPID]': 'false',
  'jevt.value[/requestObject/spec/ports/1]': '{"port":443}',
  'jevt.value[/annotations/authorization.k8s.io~1decision]': 'allow',
  'json.value[/requestObject/spec/containers/0/name]': 'one',
  'jevt.rawtime': '1772366400123456789',
  'json.rawtime': '1772366400123456789',
  'jevt.obj': JSON.stringify(EVENT, null, 2),
  'json.obj': JSON.stringify(EVENT, null, 2),
  'evt.source': 'k8s_audit',
  'evt.pluginname': 'k8saudit',
  'evt.time': '12:00:00.123456789',
};

const ENVIRONMENT = completeEnvironment({});

function valueOf(written: string, document: unknown): FieldValue | undefined {
  const [, name = '', argument] = /^([\w.]+)(?:\[(.*)\])?$/.exec(written) ?? [];
  const bound = findField(name)?.field.bind(argument);
  assert.ok(bound !== undefined && !('problem' in bound), written);
  const made = auditEvent(document, 1);
  assert.ok(made.ok);
  return bound.extract(made.event, ENVIRONMENT);
}

for (const [written, expected] of Object.entries(EXPECTED)) {
  test(`${written} is read from an audit event`, () => {
    assert.deepEqual(valueOf(written, EVENT), expected);
  });
}

test('every field of the source has such a test', () => {
  const tested = new Set(Object.keys(EXPECTED).map((written) => written.replace(/\[.*/, '')));
  const missing = FIELDS.filter((field) => /^(?:ka|jevt|json)\./.test(field.name) && !tested.has(field.name));
  assert.deepEqual(
    missing.map(({ name }) => name),
    [],
  );
});

test('an event with nothing but its id and time has no other values', () => {
  const bare = { auditID: 'a', stageTimestamp: '2026-03-01T12:00:00Z' };
  for (const written of Object.keys(EXPECTED)) {
    const always =
      /^(?:ka\.auditid|ka\.req\.binding\.subject\.has_name.*|jevt\.obj|json\.obj|.*\.rawtime|evt\..*)$/;
    if (!always.test(written)) assert.equal(valueOf(written, bare), undefined, written);
  }
});

test('numbers and flags are texts, objects are compact JSON, null is the text null', () => {
  const event = { ...EVENT, extra: { 'a/b': { '~': [1, true, null] } } };
  assert.equal(valueOf('jevt.value[/extra]', event), '{"a/b":{"~":[1,true,null]}}');
  assert.equal(valueOf('jevt.value[/extra/a~1b/~0/0]', event), '1');
  assert.equal(valueOf('jevt.value[/extra/a~1b/~0/1]', event), 'true');
  assert.equal(valueOf('jevt.value[/extra/a~1b/~0/2]', event), 'null');
  assert.equal(valueOf('jevt.value[/extra/a~1b/~0/3]', event), undefined);
  assert.equal(valueOf('jevt.value[/extra/a~1b/~0/01]', event), undefined);
});

test('names of prototypes are no members', () => {
  for (const path of ['constructor', '__proto__', 'toString', 'user/constructor/name', 'sourceIPs/length']) {
    assert.equal(valueOf(`jevt.value[/${path}]`, EVENT), undefined, path);
  }
});

test('a container list without the value in any container has no value at all', () => {
  const event = { ...EVENT, requestObject: { spec: { containers: [{ name: 'a' }, { name: 'b' }] } } };
  assert.equal(valueOf('ka.req.pod.containers.privileged', event), undefined);
  assert.deepEqual(valueOf('ka.req.pod.containers.eff_run_as_user', event), ['0', '0']);
  assert.equal(valueOf('ka.req.pod.containers.name[2]', event), undefined);
});

test('an argument that is no index, or missing where it is needed, is refused when the rule is loaded', () => {
  for (const written of ['ka.req.pod.containers.image', 'ka.sourceips', 'ka.req.role.rules.verbs']) {
    assert.ok('problem' in (findField(written)?.field.bind('first') ?? {}), written);
  }
  for (const written of ['jevt.value', 'ka.uri.param', 'ka.req.volume.hostpath']) {
    assert.ok('problem' in (findField(written)?.field.bind(undefined) ?? {}), written);
    assert.ok('problem' in (findField(written)?.field.bind('') ?? {}), written);
  }
});

test('a repository keeps the port of its registry and loses tag and digest', () => {
  assert.equal(repositoryOf('localhost:5000/a/b:1'), 'localhost:5000/a/b');
  assert.equal(repositoryOf('a/b@sha256:00'), 'a/b');
  assert.equal(repositoryOf('a/b:1@sha256:00'), 'a/b');
  assert.equal(repositoryOf('a'), 'a');
});

test('names, kinds and arguments are those of Falco’s plug-ins', (context) => {
  const path = resolve(import.meta.dirname, '../../../../../shared/compat/falco/plugin_fields.json');
  if (!existsSync(path)) {
    context.skip('needs ../shared/compat/falco');
    return;
  }
  interface PluginField {
    readonly name: string;
    readonly isList?: boolean;
    readonly arg?: { readonly isRequired: boolean };
  }
  const plugins = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, readonly PluginField[]>>;
  const wanted = [...(plugins['k8saudit'] ?? []), ...(plugins['json'] ?? [])];
  const described = wanted.map(({ name, isList, arg }) => ({
    name,
    list: isList === true,
    argument: arg === undefined ? 'none' : arg.isRequired ? 'required' : 'optional',
  }));
  const ours = FIELDS.filter((field) => /^(?:ka|jevt|json)\./.test(field.name)).map(
    ({ name, multiplicity, argument }) => ({ name, list: multiplicity === 'list', argument }),
  );
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
    a.name < b.name ? -1 : 1;
  assert.equal(wanted.length, 106);
  assert.deepEqual(ours.sort(byName), described.sort(byName));
});
