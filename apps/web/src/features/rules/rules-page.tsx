// The rule library: search and filters in the URL, load problems, the table; the drawer of one rule is the child route.
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { rulesQuery } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { LoadProblems } from './load-problems.tsx';
import { RuleFilters } from './rule-filters.tsx';
import { RulesHead } from './rules-head.tsx';
import { filterRules, type RulesSearch } from './rules-search.ts';
import { RulesTable, WaitingRules } from './rules-table.tsx';

export function RulesPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/rules' });
  const { ruleName } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(rulesQuery);
  const all = data?.items;
  const shown = useMemo(() => filterRules(all ?? [], search), [all, search]);

  function show(next: RulesSearch): void {
    void navigate({ to: '/rules', search: next, replace: true });
  }
  return (
    <>
      <RulesHead
        current="library"
        note={
          all === undefined ? '' : text.rules.count(all.length, all.filter((rule) => rule.enabled).length)
        }
      />
      {data !== undefined && data.problems.length > 0 && <LoadProblems problems={data.problems} />}
      <RuleFilters search={search} rules={all ?? []} onChange={show} />
      {all !== undefined ? (
        <RulesTable rules={shown} total={all.length} search={search} openName={ruleName} />
      ) : error === null ? (
        <WaitingRules />
      ) : (
        <ErrorState error={error} onRetry={() => void refetch()} />
      )}
      <Outlet />
    </>
  );
}
