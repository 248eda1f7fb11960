// Accepted risks and the requests for them: who asked, where it holds, until when. The drawer of one is the child route.
import type { Acceptance } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { acceptancesQuery } from '../../api/scan-queries.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { InlineSelect } from '../../ui/field.tsx';
import { ToolBar } from '../../ui/list-screen.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { MoreRows, OpenRow, Table } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import { VulnerabilitiesHead } from '../vulnerabilities/vulnerabilities-head.tsx';
import { RiskState, useScopeText } from './risk-state.tsx';
import { RISK_STATES, type RisksSearch, validateRisksSearch } from './risks-search.ts';

const WAITING_ROWS = 5;

export function RisksPage(): ReactNode {
  const { risks, common } = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/vulnerabilities/risks' });
  const { state, vulnerability } = search;
  const list = useInfiniteQuery(
    acceptancesQuery({ vulnerability, state: state === undefined ? undefined : [state] }),
  );
  const all = useItems(list);
  const isFiltered = state !== undefined || vulnerability !== undefined;
  function show(next: RisksSearch): void {
    void navigate({ to: '/vulnerabilities/risks', search: next, replace: true });
  }
  return (
    <>
      <VulnerabilitiesHead search={{}} isRisks />
      <ToolBar>
        <InlineSelect
          label={risks.filterState}
          value={state ?? ''}
          options={[
            { value: '', label: `${risks.filterState}: ${common.all}` },
            ...RISK_STATES.map((one) => ({ value: one, label: risks.state[one] })),
          ]}
          onChange={(value) => show(validateRisksSearch({ ...search, state: value }))}
        />
        {vulnerability !== undefined && (
          <Button icon="close" onClick={() => show(state === undefined ? {} : { state })}>
            {vulnerability}
          </Button>
        )}
      </ToolBar>
      {list.isError && list.data === undefined ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.isPending && all.length === 0 ? (
        <EmptyState title={isFiltered ? risks.emptyFiltered : risks.empty} hint={risks.emptyHint} />
      ) : (
        <RiskTable risks={all} loading={list.isPending} search={search}>
          <MoreRows list={list} />
        </RiskTable>
      )}
      <Outlet />
    </>
  );
}

function RiskTable(props: {
  readonly risks: readonly Acceptance[];
  readonly loading: boolean;
  readonly search: RisksSearch;
  readonly children: ReactNode;
}): ReactNode {
  const { column } = useText().risks;
  return (
    <Table
      columns={[
        { label: column.vulnerability, width: '156' },
        { label: column.state, width: '100' },
        { label: column.scope },
        { label: column.reason, width: '24%', wide: true },
        { label: column.asked, width: '112' },
        { label: column.ends, width: '104' },
        { label: column.effect, width: '17%' },
      ]}
      waiting={props.loading ? WAITING_ROWS : 0}
      after={props.children}
    >
      {props.risks.map((risk) => (
        <RiskRow key={risk.id} risk={risk} search={props.search} />
      ))}
    </Table>
  );
}

function RiskRow({ risk, search }: { readonly risk: Acceptance; readonly search: RisksSearch }): ReactNode {
  const { risks } = useText();
  const navigate = useNavigate();
  const scopeText = useScopeText();
  const { riskId } = useParams({ strict: false });
  const scope = scopeText(risk.scope);
  return (
    <OpenRow
      isOpen={riskId === risk.id}
      onOpen={() =>
        void navigate({ to: '/vulnerabilities/risks/$riskId', params: { riskId: risk.id }, search })
      }
    >
      <td>
        <Link
          to="/vulnerabilities/risks/$riskId"
          params={{ riskId: risk.id }}
          search={search}
          className={x.name}
        >
          {risk.scope.vulnerability}
        </Link>
      </td>
      <td>
        <RiskState state={risk.state} />
      </td>
      <td>
        <div className={x.cut} title={scope}>
          {scope}
        </div>
        <div className={x.sub}>{risks.kinds[risk.kind]}</div>
      </td>
      <td className={t.wide}>
        <div className={x.cut} title={risk.reason}>
          {risk.reason}
        </div>
      </td>
      <td>
        <Ago time={risk.requestedAt} />
        <div className={x.sub}>{risks.by(risk.requestedBy)}</div>
      </td>
      <td className={x.muted}>
        <Ago time={risk.until} />
      </td>
      <td className={x.muted}>{risks.effect(risk.findings, risk.artifacts)}</td>
    </OpenRow>
  );
}
