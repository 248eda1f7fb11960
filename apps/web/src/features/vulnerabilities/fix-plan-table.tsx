// Steps of a fix plan: what to upgrade to which version, and what that closes.
import type { FixPlan, FixStep } from '@guardcell/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Mono } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Table, type TableColumn } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import s from './vulnerabilities.module.css';
import { SeverityNumbers, totalOf } from './vulnerability-marks.tsx';

const WAITING_ROWS = 6;
const SHOWN_IDS = 24;

export function FixPlanTable(props: {
  readonly plan: FixPlan | undefined;
  /** Says in how many images a step helps. */
  readonly withImages: boolean;
}): ReactNode {
  const columns = useColumns();
  const { plan } = useText().vulnerabilities;
  const steps = props.plan?.items ?? [];
  if (props.plan !== undefined && steps.length === 0) {
    return <EmptyState title={plan.empty} hint={plan.emptyHint} />;
  }
  const closed = steps.reduce((sum, { closes }) => sum + totalOf(closes), 0);
  return (
    <>
      <p className={s.planHead}>
        <span>{plan.hint}</span>
        <span>{props.plan === undefined ? '' : plan.total(steps.length, closed)}</span>
      </p>
      <Table columns={columns} waiting={props.plan === undefined ? WAITING_ROWS : 0}>
        {steps.map((step) => (
          <StepRow
            key={`${step.package} ${step.from} ${step.to}`}
            step={step}
            withImages={props.withImages}
          />
        ))}
      </Table>
    </>
  );
}

/** What the server says where no command does it: the title says the same. */
const SENTENCE = /^Upgrade /;

/** Of the table, with the room that each takes. */
function useColumns(): readonly TableColumn[] {
  const { plan } = useText().vulnerabilities;
  return [{ label: plan.to }, { label: plan.from, width: '24%' }, { label: plan.closes, width: '28%' }];
}

function StepRow({ step, withImages }: { readonly step: FixStep; readonly withImages: boolean }): ReactNode {
  const { plan } = useText().vulnerabilities;
  return (
    <tr>
      <td>
        <div className={s.planTitle}>
          {step.package === '' ? plan.base(step.to) : plan.step(step.packageName, step.to)}
        </div>
        {!SENTENCE.test(step.action) && (
          <div className={s.command}>
            <code title={step.action}>{step.action}</code>
            <CopyButton iconOnly value={step.action} label={plan.copy} />
          </div>
        )}
      </td>
      <td>
        <div className={x.cut} title={step.from}>
          <Mono>{step.from}</Mono>
        </div>
        {withImages && (
          <div className={x.sub}>
            {step.package === '' ? (
              plan.images(step.artifacts)
            ) : (
              <Link
                to="/vulnerabilities"
                search={{ by: 'image', package: step.packageName }}
                className={x.link}
              >
                {plan.images(step.artifacts)}
              </Link>
            )}
          </div>
        )}
      </td>
      <td>
        <SeverityNumbers counts={step.closes} />
        <details className={s.disclosure}>
          <summary>{plan.which(step.vulnerabilities.length)}</summary>
          <div className={s.ids}>
            {step.vulnerabilities.slice(0, SHOWN_IDS).map((id) => (
              <Link
                key={id}
                to="/vulnerabilities/$vulnerabilityId"
                params={{ vulnerabilityId: id }}
                className={x.link}
              >
                {id}
              </Link>
            ))}
            {step.vulnerabilities.length > SHOWN_IDS && `+${step.vulnerabilities.length - SHOWN_IDS}`}
          </div>
        </details>
      </td>
    </tr>
  );
}
