// One accepted risk or request: everything about it, and the decision for who may make it.
import type { Acceptance } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { usersQuery } from '../../api/queries.ts';
import type { Decision } from '../../api/scan-mutations.ts';
import { acceptanceQuery } from '../../api/scan-queries.ts';
import { useCan, useSession } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Drawer, Section } from '../../ui/drawer.tsx';
import { Facts } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { Ago, DateTime } from '../../ui/time.tsx';
import { DecideRisk } from './decide-risk.tsx';
import { RiskState, useScopeText } from './risk-state.tsx';
import s from './risks.module.css';

export function RiskDrawer(): ReactNode {
  const { risks } = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/vulnerabilities/risks' });
  const { riskId } = useParams({ from: '/app/vulnerabilities/risks/$riskId' });
  const { data, error, refetch } = useQuery(acceptanceQuery(riskId));
  const close = (): void => void navigate({ to: '/vulnerabilities/risks', search });
  if (data !== undefined) return <Panel key={data.id} risk={data} onClose={close} />;
  return (
    <Drawer label={risks.details} itemKey={riskId} title={<h2>{risks.details}</h2>} onClose={close}>
      {error === null ? (
        <Skeleton width="70%" />
      ) : (
        <ErrorState error={error} onRetry={() => void refetch()} />
      )}
    </Drawer>
  );
}

function Panel({ risk, onClose }: { readonly risk: Acceptance; readonly onClose: () => void }): ReactNode {
  const { risks, vulnerabilities } = useText();
  const scopeText = useScopeText();
  const { scope } = risk;
  return (
    <Drawer
      label={risks.details}
      itemKey={risk.id}
      onClose={onClose}
      tools={<CopyButton iconOnly value={window.location.href} />}
      title={
        <>
          <h2>{scope.vulnerability}</h2>
          <p className={x.subtitle}>
            <RiskState state={risk.state} />
            <span className={x.muted}>{risks.kinds[risk.kind]}</span>
          </p>
        </>
      }
      footer={<Decisions risk={risk} />}
    >
      <Section title={risks.reason}>
        <p className={s.reason}>{risk.reason}</p>
      </Section>
      <Section title={risks.scope}>
        <Facts
          items={[
            [
              risks.column.vulnerability,
              <Link
                key="v"
                to="/vulnerabilities/$vulnerabilityId"
                params={{ vulnerabilityId: scope.vulnerability }}
                className={x.name}
              >
                {scope.vulnerability}
              </Link>,
            ],
            [risks.column.scope, scopeText(scope)],
            scope.artifact !== '' && [
              vulnerabilities.column.image,
              <Link key="i" to="/images/$imageId" params={{ imageId: scope.artifact }} className={x.name}>
                {scope.artifact.slice(0, 19)}
              </Link>,
            ],
            [risks.column.effect, risks.effect(risk.findings, risk.artifacts)],
            risk.justification !== undefined && [
              risks.justification,
              risks.justifications[risk.justification],
            ],
            [
              risks.column.ends,
              <span key="u">
                <DateTime time={risk.until} />{' '}
                <span className={x.muted}>
                  (<Ago time={risk.until} />)
                </span>
              </span>,
            ],
          ]}
        />
      </Section>
      <Section title={risks.column.asked}>
        <Facts
          items={[
            [
              risks.column.asked,
              <span key="a">
                <DateTime time={risk.requestedAt} /> {risks.by(risk.requestedBy)}
              </span>,
            ],
            risk.decidedBy !== '' && [
              risks.column.state,
              <span key="d">
                {risks.state[risk.state]} · <DateTime time={risk.decidedAt} /> {risks.by(risk.decidedBy)}
              </span>,
            ],
            risk.decisionNote !== '' && [risks.note, risk.decisionNote],
          ]}
        />
      </Section>
    </Drawer>
  );
}

function Decisions({ risk }: { readonly risk: Acceptance }): ReactNode {
  const { risks } = useText();
  const session = useSession();
  const isAdmin = useCan('admin');
  const mayRespond = useCan('responder');
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const isOwn = session?.user.name === risk.requestedBy;
  const users = useQuery({ ...usersQuery, enabled: isAdmin && isOwn });
  // Whoever is alone in the role decides about their own requests too; until that is known, nobody does.
  const isBlocked =
    isOwn &&
    users.data?.items.some(({ name, role }) => role === 'admin' && name !== risk.requestedBy) !== false;
  const dialog = deciding !== null && (
    <DecideRisk risk={risk} decision={deciding} onClose={() => setDeciding(null)} />
  );
  if (risk.state === 'requested') {
    return (
      <>
        {isAdmin && (
          <>
            <Button variant="primary" disabled={isBlocked} onClick={() => setDeciding('approve')}>
              {risks.approve}
            </Button>
            {!isOwn && <Button onClick={() => setDeciding('reject')}>{risks.reject}</Button>}
          </>
        )}
        {isOwn && mayRespond && <Button onClick={() => setDeciding('revoke')}>{risks.takeBack}</Button>}
        {isAdmin && isBlocked && <span className={s.own}>{risks.ownRequest}</span>}
        {!isAdmin && <span className={s.own}>{risks.needAdmin}</span>}
        {dialog}
      </>
    );
  }
  if (risk.state === 'approved') {
    return (
      <>
        <Button disabled={!mayRespond} onClick={() => setDeciding('revoke')}>
          {risks.revoke}
        </Button>
        {dialog}
      </>
    );
  }
  return undefined;
}
