// One rule: what it looks for and why, what to do about it, its condition, and where it comes from.
import type { RuleView } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { rulesQuery } from '../../api/queries.ts';
import { useCan } from '../../api/session.ts';
import { SparkBars } from '../../charts/spark-bars.tsx';
import { useI18n, useText } from '../../i18n/i18n-context.tsx';
import { ConditionCode } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Drawer, Section } from '../../ui/drawer.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Badge, Facts, Mono } from '../../ui/page.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { formatCondition } from './format-condition.ts';
import { place } from './load-problems.tsx';
import { RuleSwitch } from './rule-switch.tsx';
import { localText } from './rule-titles.ts';
import s from './rules.module.css';
import { alertsOfWeek } from './rules-search.ts';

const NOT_FOUND = new ApiError({ status: 404, code: 'GC_NOT_FOUND', message: '' });

export function RuleDrawer(): ReactNode {
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/rules' });
  const { ruleName } = useParams({ from: '/app/rules/$ruleName' });
  const { data, error, refetch } = useQuery(rulesQuery);
  const rule = data?.items.find((one) => one.name === ruleName);
  const close = (): void => void navigate({ to: '/rules', search });
  if (rule !== undefined) return <RulePanel rule={rule} onClose={close} />;
  const waiting = data === undefined && error === null;
  return (
    <Drawer
      label={ruleName}
      title={waiting ? <Skeleton width={320} height={20} /> : <h2>{ruleName}</h2>}
      onClose={close}
      itemKey={ruleName}
    >
      {waiting ? (
        [90, 70, 80, 40, 60, 75].map((width) => (
          <p key={width} className={s.waiting}>
            <Skeleton width={`${width}%`} />
          </p>
        ))
      ) : (
        <ErrorState error={data === undefined ? error : NOT_FOUND} onRetry={() => void refetch()} />
      )}
    </Drawer>
  );
}

function RulePanel({ rule, onClose }: { readonly rule: RuleView; readonly onClose: () => void }): ReactNode {
  const { text, language } = useI18n();
  const title = localText(rule.title, language) || rule.name;
  const description = localText(rule.description, language);
  const advice = localText(rule.advice, language);
  return (
    <Drawer
      label={title}
      itemKey={rule.name}
      onClose={onClose}
      tools={<CopyButton iconOnly value={window.location.href} label={text.alert.copyLink} />}
      title={
        <>
          <h2>{title}</h2>
          <div className={s.subtitle}>
            <SeverityBadge severity={rule.severity} />
            <Badge tone={rule.origin === 'custom' ? 'accent' : 'plain'}>
              {text.workbench.origin[rule.origin]}
            </Badge>
            <SparkBars values={rule.alertsByDay} label={text.workbench.weekOf(alertsOfWeek(rule))} />
            {rule.lastFiredAt !== '' && (
              <span>
                {text.workbench.lastFired}: <Ago time={rule.lastFiredAt} />
              </span>
            )}
          </div>
        </>
      }
      footer={
        <div className={s.footer}>
          {rule.alerts24h === 0 ? (
            <span className={s.state}>{text.rules.noAlerts}</span>
          ) : (
            <Link to="/events" search={{ rule: [rule.name], since: '24h' }} className={s.link}>
              {text.rules.seeAlerts(rule.alerts24h)}
            </Link>
          )}
          <span className={s.state}>
            <span aria-hidden="true">{rule.enabled ? text.rules.onlyOn : text.rules.onlyOff}</span>
            <RuleSwitch rule={rule} />
          </span>
        </div>
      }
    >
      {description !== '' && (
        <Section title={text.rules.description}>
          <p className={s.prose}>{description}</p>
        </Section>
      )}
      {advice !== '' && (
        <Section title={text.rules.advice}>
          <p className={s.advice}>{advice}</p>
        </Section>
      )}
      <RuleActions rule={rule} />
      <Section
        title={text.rules.condition}
        aside={<CopyButton iconOnly value={rule.condition} label={text.rules.copyCondition} />}
      >
        <ConditionCode source={formatCondition(rule.condition)} label={text.rules.condition} />
      </Section>
      <Exceptions rule={rule} />
      <Section title={text.rules.output}>
        <p className={s.output}>
          <Mono wrap>{rule.output}</Mono>
        </p>
      </Section>
      <RuleFacts rule={rule} />
    </Drawer>
  );
}

function RuleActions({ rule }: { readonly rule: RuleView }): ReactNode {
  const text = useText();
  const mayWrite = useCan('admin');
  const { workbench } = text;
  return (
    <div className={s.actions}>
      <Link to="/rules/tune" search={{ rule: rule.name }} className={s.actionLink}>
        <Icon name="filter" size={14} />
        {workbench.tuneFromAlerts}
      </Link>
      <Link to="/rules/editor" search={{ file: rule.file, line: rule.line }} className={s.actionLink}>
        <Icon name={rule.origin === 'custom' && mayWrite ? 'edit' : 'file'} size={14} />
        {rule.origin === 'custom' && mayWrite ? workbench.edit : workbench.viewFile}
      </Link>
      {rule.origin !== 'custom' && mayWrite && (
        <Link to="/rules/editor" search={{ copy: rule.file }} className={s.actionLink}>
          <Icon name="copy" size={14} />
          {workbench.copyToCustom}
        </Link>
      )}
    </div>
  );
}

function Exceptions({ rule }: { readonly rule: RuleView }): ReactNode {
  const text = useText();
  const { workbench } = text;
  return (
    <Section
      title={workbench.exceptions}
      {...(rule.exceptions.length > 0 && { hint: workbench.exceptionHint })}
    >
      {rule.exceptions.length === 0 ? (
        <p className={s.state}>{workbench.noExceptions}</p>
      ) : (
        <ul className={s.exceptions}>
          {rule.exceptions.map((exception) => (
            <li key={exception.name} className={s.exception}>
              <div className={s.exceptionHead}>
                <strong>{exception.name}</strong>
                <span>{workbench.values(exception.values.length)}</span>
              </div>
              <ConditionCode source={formatCondition(exception.condition)} label={exception.name} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function RuleFacts({ rule }: { readonly rule: RuleView }): ReactNode {
  const text = useText();
  return (
    <Section title={text.rules.technical}>
      <Facts
        items={[
          [text.rules.id, rule.name],
          [text.rules.priority, rule.priority],
          [text.rules.source, <Mono key="source">{rule.source}</Mono>],
          [
            text.rules.eventTypes,
            rule.eventTypes.length === 0 ? (
              text.rules.anyEvent
            ) : (
              <Mono key="types" wrap>
                {rule.eventTypes.join(', ')}
              </Mono>
            ),
          ],
          [
            text.rules.file,
            <Mono key="file" wrap>
              {place(rule)}
            </Mono>,
          ],
          rule.mitre.length > 0 && [
            text.rules.filterMitre,
            <Chips key="mitre" kind="mitre" values={rule.mitre} />,
          ],
          rule.tags.length > 0 && [text.rules.tags, <Chips key="tag" kind="tag" values={rule.tags} />],
        ]}
      />
    </Section>
  );
}

function Chips(props: { readonly kind: 'mitre' | 'tag'; readonly values: readonly string[] }): ReactNode {
  const text = useText();
  return (
    <span className={s.chips}>
      {props.values.map((value) => (
        <Link
          key={value}
          to="/rules"
          search={{ [props.kind]: value }}
          className={s.chip}
          title={text.rules.filterBy(value)}
        >
          {value}
        </Link>
      ))}
    </span>
  );
}
