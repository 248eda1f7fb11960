// One alert: what happened, why it matched, where, what the rule says, and what can be done.
import type { Alert } from '@guardcell/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actionsQuery, containerQuery, eventQuery, rulesQuery } from '../../api/queries.ts';
import { useI18n, useText } from '../../i18n/i18n-context.tsx';
import { JsonCode } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Drawer, Section } from '../../ui/drawer.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Badge, Facts, Mono } from '../../ui/page.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { Ago, DateTime } from '../../ui/time.tsx';
import { ActionButtons } from '../response/action-buttons.tsx';
import { ActionList } from '../response/action-state.tsx';
import { localText, useRuleTitles } from '../rules/rule-titles.ts';
import s from './alert.module.css';
import { AUDIT_SOURCE, AuditSections } from './audit-sections.tsx';
import { ConditionTree } from './condition-tree.tsx';
import { MatchedClauses } from './matched-clauses.tsx';
import { ProcessTree } from './process-tree.tsx';
import { SCAN_SOURCE } from './scan-facts.ts';
import { ScanSections } from './scan-sections.tsx';

export function AlertDrawer(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/events' });
  const { eventId } = useParams({ from: '/app/events/$eventId' });
  const { data: alert, error, refetch } = useQuery(eventQuery(eventId));
  const close = (): void => void navigate({ to: '/events', search });
  if (error !== null && alert === undefined) {
    return (
      <Drawer
        label={text.alert.details}
        title={<h2>{text.alert.details}</h2>}
        onClose={close}
        itemKey={eventId}
      >
        <ErrorState error={error} onRetry={() => void refetch()} />
      </Drawer>
    );
  }
  if (alert === undefined) {
    return (
      <Drawer
        label={text.alert.details}
        title={<Skeleton width={320} height={20} />}
        onClose={close}
        itemKey={eventId}
      >
        {[90, 70, 80, 40, 60, 75].map((width) => (
          <p key={width} className={s.waiting}>
            <Skeleton width={`${width}%`} />
          </p>
        ))}
      </Drawer>
    );
  }
  return <AlertPanel alert={alert} onClose={close} />;
}

function AlertPanel({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }): ReactNode {
  const text = useText();
  const titleOf = useRuleTitles();
  const onHost = alert.container.id === 'host';
  const isAudit = alert.source === AUDIT_SOURCE;
  const isScan = alert.source === SCAN_SOURCE;
  const inContainer = !onHost && !isAudit && alert.container.id !== '';
  const container = useQuery({ ...containerQuery(alert.container.id), enabled: inContainer, retry: false });
  const subject = {
    containerId: alert.container.id,
    containerName: alert.container.name,
    image: alert.container.image,
    hostname: alert.hostname,
    namespace: alert.container.namespace,
    pod: alert.container.pod,
    pid: alert.process.pid,
    processName: alert.process.name,
  };
  return (
    <Drawer
      label={text.alert.details}
      itemKey={alert.id}
      onClose={onClose}
      tools={
        <>
          {!isScan && (
            <Link to="/rules/tune" search={{ rule: alert.rule, alert: [alert.id] }} className={s.tool}>
              <Icon name="filter" size={14} />
              {text.workbench.tune}
            </Link>
          )}
          <CopyButton iconOnly value={window.location.href} label={text.alert.copyLink} />
        </>
      }
      title={
        <>
          <h2>{titleOf(alert.rule)}</h2>
          <p className={s.subtitle}>
            <SeverityBadge severity={alert.severity} />
            <DateTime time={alert.time} />
            <span className={x.muted}>
              <Ago time={alert.time} />
            </span>
          </p>
        </>
      }
      footer={
        inContainer ? (
          <ActionButtons subject={subject} view={container.data} withKill={!isScan} />
        ) : (
          <p className={s.hostNote}>
            {isScan ? text.alert.onScan : isAudit ? text.alert.onCluster : text.alert.onHost}
          </p>
        )
      }
    >
      <Section title={text.alert.what}>
        <p className={s.message}>{alert.message}</p>
      </Section>
      {alert.capture !== undefined && alert.capture !== '' && (
        <Section
          title={text.alert.recording}
          hint={text.alert.recordingHint}
          aside={<CopyButton iconOnly value={alert.capture} />}
        >
          <Mono wrap>{alert.capture}</Mono>
        </Section>
      )}
      {!isScan && (
        <Section title={text.alert.why} hint={text.alert.whyHint}>
          <MatchedClauses clauses={alert.matched} />
          {alert.evaluated !== undefined && alert.evaluated.length > 0 && (
            <ConditionTree nodes={alert.evaluated} />
          )}
        </Section>
      )}
      {isAudit ? (
        <AuditSections alert={alert} />
      ) : isScan ? (
        <>
          <ScanSections alert={alert} />
          {alert.container.id !== '' && <ContainerSection alert={alert} />}
        </>
      ) : (
        <>
          <Section title={text.alert.tree}>
            <ProcessTree processes={alert.processTree.length > 0 ? alert.processTree : [alert.process]} />
          </Section>
          <ContainerSection alert={alert} />
        </>
      )}
      {!isScan && <RuleSection alert={alert} />}
      <ActionsSection alert={alert} />
      {!isAudit && (
        <Section title={text.alert.arguments} aside={<Mono>{alert.event.type}</Mono>}>
          <Facts
            items={Object.entries(alert.event.args).map(
              ([name, value]) =>
                [
                  name,
                  <Mono key={name} wrap>
                    {value}
                  </Mono>,
                ] as const,
            )}
          />
        </Section>
      )}
      <Section title={text.alert.tab.raw} aside={<CopyButton value={JSON.stringify(alert, null, 2)} />}>
        <JsonCode value={alert} label={text.alert.tab.raw} />
      </Section>
    </Drawer>
  );
}

function ContainerSection({ alert }: { readonly alert: Alert }): ReactNode {
  const text = useText();
  const { container, hostname } = alert;
  return (
    <Section
      title={text.alert.container}
      aside={
        <Link to="/events" search={{ container: [container.id], since: '7d' }} className={s.more}>
          {text.containers.allEvents}
        </Link>
      }
    >
      <Facts
        items={[
          [
            text.common.name,
            <span key="name" className={s.inline}>
              <Link to="/containers/$containerId" params={{ containerId: container.id }} className={s.link}>
                {container.name || container.id.slice(0, 12)}
              </Link>
              {container.privileged && <Badge tone="warn">{text.containers.privileged}</Badge>}
            </span>,
          ],
          container.id !== 'host' && [text.containers.id, <Mono key="id">{container.id.slice(0, 12)}</Mono>],
          container.image !== '' && [text.alert.image, <Mono key="image">{container.image}</Mono>],
          container.imageDigest !== '' && [
            text.alert.digest,
            <Mono key="digest">{container.imageDigest}</Mono>,
          ],
          container.pod !== '' && [text.alert.pod, `${container.namespace}/${container.pod}`],
          [text.alert.runtime, container.runtime],
          [text.alert.host, hostname],
        ]}
      />
    </Section>
  );
}

function RuleSection({ alert }: { readonly alert: Alert }): ReactNode {
  const { text, language } = useI18n();
  const { data } = useQuery(rulesQuery);
  const rule = data?.items.find((one) => one.name === alert.rule);
  return (
    <Section
      title={text.alert.about}
      aside={
        <Link to="/rules/$ruleName" params={{ ruleName: alert.rule }} className={s.more}>
          {text.alert.openRule}
        </Link>
      }
    >
      {rule !== undefined && <p>{localText(rule.description, language)}</p>}
      {rule !== undefined && localText(rule.advice, language) !== '' && (
        <div className={s.advice}>
          <strong>{text.alert.advice}</strong>
          <p>{localText(rule.advice, language)}</p>
        </div>
      )}
      <p className={s.chips}>
        {alert.mitre.map((technique) => (
          <Link
            key={technique}
            to="/events"
            search={{ mitre: [technique] }}
            className={s.chip}
            title={text.events.filterBy(technique)}
          >
            {technique}
          </Link>
        ))}
        {alert.tags.map((tag) => (
          <Link
            key={tag}
            to="/events"
            search={{ tag: [tag] }}
            className={s.chip}
            title={text.events.filterBy(tag)}
          >
            {tag}
          </Link>
        ))}
        <Link to="/events" search={{ rule: [alert.rule], since: '7d' }} className={s.chip}>
          {text.alert.similarRule}
        </Link>
      </p>
    </Section>
  );
}

function ActionsSection({ alert }: { readonly alert: Alert }): ReactNode {
  const text = useText();
  const { data } = useInfiniteQuery(actionsQuery({ alert: alert.id }));
  const records = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={text.alert.actions}>
      {records.length === 0 ? (
        <p className={x.muted}>{text.alert.noActions}</p>
      ) : (
        <ActionList records={records} />
      )}
    </Section>
  );
}
