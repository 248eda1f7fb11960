// The response rules: when what happens, where each comes from. The drawer of one is the child route.
import type { ResponseRule, RuleLoadProblem } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode } from 'react';
import { responsesQuery } from '../../api/queries.ts';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Badge, Banner, Mono } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { OpenRow, Table } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { useRuleTitles } from '../rules/rule-titles.ts';
import s from './response.module.css';
import { ResponseHead } from './response-tabs.tsx';

const WAITING_ROWS = 3;

export function ResponsesPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const canEdit = useCan('admin');
  const { data, error, isPending, refetch } = useQuery(responsesQuery);
  const create = (
    <Button
      variant="primary"
      icon="plus"
      disabled={!canEdit}
      title={canEdit ? undefined : text.rules.needAdmin}
      onClick={() => void navigate({ to: '/response/new' })}
    >
      {text.response.create}
    </Button>
  );
  return (
    <>
      <ResponseHead current="rules">{create}</ResponseHead>
      {data !== undefined && data.problems.length > 0 && <Problems problems={data.problems} />}
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !isPending && data?.items.length === 0 ? (
        <EmptyState title={text.response.empty} hint={text.response.emptyHint} />
      ) : (
        <ResponseTable rules={data?.items ?? []} loading={isPending} />
      )}
      <Outlet />
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly RuleLoadProblem[] }): ReactNode {
  const text = useText();
  return (
    <Banner tone="bad" title={text.rules.problems(problems.length)}>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.file}:${problem.line}:${problem.column}:${problem.message}`}>
            <Mono wrap>{`${problem.file}:${problem.line}:${problem.column}`}</Mono> {problem.message}{' '}
            {problem.hint}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function ResponseTable(props: {
  readonly rules: readonly ResponseRule[];
  readonly loading: boolean;
}): ReactNode {
  const text = useText();
  const { column } = text.response;
  return (
    <Table
      columns={[
        { label: column.name, width: '28%' },
        { label: column.trigger },
        { label: column.actions, width: '24%' },
        { label: column.mode, width: '110' },
        { label: column.origin, width: '110' },
      ]}
      waiting={props.loading ? WAITING_ROWS : 0}
    >
      {props.rules.map((rule) => (
        <ResponseRow key={rule.name} rule={rule} />
      ))}
    </Table>
  );
}

/** When a rule is triggered, in words. */
function useTriggerText(): (rule: ResponseRule) => string {
  const text = useText();
  const titleOf = useRuleTitles();
  return ({ trigger }) => {
    const what = [...trigger.rules.map(titleOf), ...trigger.tags];
    const severity =
      trigger.minSeverity === 'info'
        ? []
        : [text.response.triggerSeverity(text.severity[trigger.minSeverity])];
    return [what.length === 0 ? text.response.triggerAny : what.join(', '), ...severity].join(' · ');
  };
}

function ResponseRow({ rule }: { readonly rule: ResponseRule }): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const triggerText = useTriggerText();
  const { responseName } = useParams({ strict: false });
  const open = (): void =>
    void navigate({ to: '/response/rules/$responseName', params: { responseName: rule.name } });
  const mode = rule.enabled ? text.response.mode[rule.mode] : text.common.off;
  return (
    <OpenRow isOpen={responseName === rule.name} onOpen={open}>
      <td>
        <div className={t.main}>
          <Link to="/response/rules/$responseName" params={{ responseName: rule.name }}>
            {rule.name}
          </Link>
        </div>
        <div className={x.sub}>{rule.description}</div>
      </td>
      <td>
        <div className={x.cut} title={triggerText(rule)}>
          {triggerText(rule)}
        </div>
        {rule.guard !== '' && (
          <div className={x.sub} title={rule.guard}>
            <Mono>{rule.guard}</Mono>
          </div>
        )}
      </td>
      <td>
        <span className={s.kinds}>
          {rule.actions.map((action) => (
            <span key={JSON.stringify(action)} className={s.kind}>
              <Icon name={action.do} size={14} />
              {text.action.kind[action.do]}
            </span>
          ))}
        </span>
      </td>
      <td>
        <Badge tone={!rule.enabled ? 'plain' : rule.mode === 'enforce' ? 'good' : 'cold'}>{mode}</Badge>
      </td>
      <td className={x.muted}>{text.response.origin[rule.origin.kind]}</td>
    </OpenRow>
  );
}
