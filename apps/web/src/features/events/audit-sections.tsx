// Of an alert from a Kubernetes audit event: who asked the API server for what, from where, with which answer.
import type { Alert } from '@guardcell/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { JsonCode } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Section } from '../../ui/drawer.tsx';
import { Badge, Facts, Mono } from '../../ui/page.tsx';
import s from './alert.module.css';

export const AUDIT_SOURCE = 'k8s_audit';

type Args = Readonly<Record<string, string>>;

/** `pods/exec` of a group other than the core one as `deployments.apps`. */
function resourceText({ resource = '', subresource = '', apiGroup = '' }: Args): string {
  const grouped = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  return subresource === '' ? grouped : `${grouped}/${subresource}`;
}

function fact(label: string, value: string | undefined): readonly [string, ReactNode] | false {
  if (value === undefined || value === '') return false;
  return [
    label,
    <Mono key={label} wrap>
      {value}
    </Mono>,
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut to what an alert may hold.
    return undefined;
  }
}

function AuditDocument({ text: document }: { readonly text: string }): ReactNode {
  const text = useText();
  const value = parsed(document);
  return (
    <Section title={text.alert.audit.event} aside={<CopyButton value={document} />}>
      {value === undefined ? (
        <Mono wrap>{document}</Mono>
      ) : (
        <JsonCode value={value} label={text.alert.audit.event} />
      )}
    </Section>
  );
}

/** Instead of process tree, container and arguments, which such an alert does not have. */
export function AuditSections({ alert }: { readonly alert: Alert }): ReactNode {
  const text = useText();
  const { audit } = text.alert;
  const { args } = alert.event;
  const failed = Number(args['code'] ?? 0) >= 400;
  return (
    <>
      <Section
        title={audit.request}
        aside={
          alert.container.namespace !== '' && (
            <Link
              to="/events"
              search={{ namespace: [alert.container.namespace], since: '7d' }}
              className={s.more}
            >
              {audit.sameNamespace}
            </Link>
          )
        }
      >
        <Facts
          items={[
            fact(audit.user, args['user']),
            fact(audit.impersonated, args['impersonatedUser']),
            fact(audit.groups, args['groups']),
            fact(audit.verb, args['verb']),
            fact(audit.resource, resourceText(args)),
            fact(text.alert.namespace, args['namespace']),
            fact(text.common.name, args['name']),
            args['code'] !== undefined && [
              audit.answer,
              <Badge key="code" tone={failed ? 'warn' : 'plain'}>
                {[args['code'], args['reason']].filter((part) => part !== undefined).join(' ')}
              </Badge>,
            ],
            fact(audit.decision, [args['decision'], args['decisionReason']].filter(Boolean).join(': ')),
            fact(audit.sourceIps, args['sourceIPs']),
            fact(audit.userAgent, args['userAgent']),
            fact(audit.uri, args['uri']),
            fact(audit.cluster, alert.hostname),
          ]}
        />
      </Section>
      {args['event'] !== undefined && <AuditDocument text={args['event']} />}
    </>
  );
}
