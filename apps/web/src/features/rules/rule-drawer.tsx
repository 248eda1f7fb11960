// One rule: what it watches for, what to do when it fires, and its definition.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { rulesQuery } from '../../api/queries.ts';
import { useI18n } from '../../i18n/i18n-context.tsx';
import { ConditionCode } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Drawer, Section } from '../../ui/drawer.tsx';
import { Badge, Facts, Mono } from '../../ui/page.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { RuleSwitch } from './rule-switch.tsx';
import { localText } from './rule-titles.ts';
import s from './rules.module.css';

export function RuleDrawer(): ReactNode {
  const { text, language } = useI18n();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/rules' });
  const { ruleName } = useParams({ from: '/app/rules/$ruleName' });
  const { data, error } = useQuery(rulesQuery);
  const close = (): void => void navigate({ to: '/rules', search });
  const rule = data?.items.find((one) => one.name === ruleName);
  if (rule === undefined) {
    return (
      <Drawer label={ruleName} title={<h2>{ruleName}</h2>} onClose={close} itemKey={ruleName}>
        {error !== null && <ErrorState error={error} />}
        {error === null && data === undefined && <Skeleton height={160} />}
        {data !== undefined && <EmptyState title={text.error.notFound} hint={text.error.notFoundHint} />}
      </Drawer>
    );
  }
  const advice = localText(rule.advice, language);
  return (
    <Drawer
      label={rule.name}
      itemKey={rule.name}
      onClose={close}
      title={
        <>
          <h2>{localText(rule.title, language) || rule.name}</h2>
          <p className={s.subtitle}>
            <SeverityBadge severity={rule.severity} />
            <RuleSwitch rule={rule} />
            {rule.alerts24h > 0 && (
              <Link to="/events" search={{ rule: [rule.name] }} className={s.alertLink}>
                {text.rules.seeAlerts(rule.alerts24h)}
              </Link>
            )}
          </p>
        </>
      }
    >
      <Section title={text.rules.description}>
        <p>{localText(rule.description, language)}</p>
      </Section>
      {advice !== '' && (
        <Section title={text.rules.advice}>
          <p>{advice}</p>
        </Section>
      )}
      <Section title={text.rules.condition} aside={<CopyButton iconOnly value={rule.condition} />}>
        <ConditionCode source={rule.condition} label={text.rules.condition} />
      </Section>
      <Section title={text.rules.output}>
        <Mono wrap>{rule.output}</Mono>
      </Section>
      <Section title={text.alert.techniques}>
        <p className={s.chips}>
          {rule.mitre.map((technique) => (
            <Link key={technique} to="/rules" search={{ mitre: technique }}>
              <Badge>{technique}</Badge>
            </Link>
          ))}
          {rule.tags.map((tag) => (
            <Link key={tag} to="/rules" search={{ tag }}>
              <Badge>{tag}</Badge>
            </Link>
          ))}
        </p>
      </Section>
      <Section title={text.rules.file}>
        <Facts
          items={[
            [text.common.name, rule.name],
            [text.rules.file, <Mono key="file">{`${rule.file}:${rule.line}`}</Mono>],
            [text.rules.priority, rule.priority],
            [text.rules.source, rule.source],
            [text.rules.eventTypes, <Mono key="types">{rule.eventTypes.join(', ')}</Mono>],
          ]}
        />
      </Section>
    </Drawer>
  );
}
