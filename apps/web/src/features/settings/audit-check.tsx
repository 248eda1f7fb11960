// Asks the server whether the audit trail is whole, and says what it found.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditVerdictQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { FormProblem } from '../../ui/form-problem.tsx';
import { Card, Facts, Mono } from '../../ui/page.tsx';
import x from '../../ui/text.module.css';
import s from './settings.module.css';

export function AuditCheck(): ReactNode {
  const { audit } = useText().settings;
  const { data, error, isFetching, refetch } = useQuery(auditVerdictQuery);
  return (
    <>
      <div className={s.intro}>
        <p className={s.hint}>{audit.hint}</p>
        <Button icon="check" disabled={isFetching} onClick={() => void refetch()}>
          {isFetching ? audit.verifying : audit.verify}
        </Button>
      </div>
      <div aria-live="polite">
        {error !== null && !isFetching && <FormProblem error={error} />}
        {data !== undefined && error === null && (
          <Card title={data.ok ? audit.whole(data.entries) : audit.broken(data.faults.length)}>
            <Facts
              items={[
                ...data.faults.map(
                  (fault) => [audit.place(fault.seq), <span key={fault.seq}>{fault.message}</span>] as const,
                ),
                data.head !== '' && [
                  audit.head,
                  <span key="head" className={s.inline}>
                    <Mono wrap>{data.head}</Mono>
                    <CopyButton iconOnly value={data.head} />
                    <span className={x.muted}>{audit.headHint}</span>
                  </span>,
                ],
              ]}
            />
          </Card>
        )}
      </div>
    </>
  );
}
