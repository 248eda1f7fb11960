// The fix plan over everything that passes the filter.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fixPlanQuery } from '../../api/scan-queries.ts';
import { FixPlanTable } from './fix-plan-table.tsx';
import { NothingFound } from './nothing-found.tsx';
import s from './vulnerabilities.module.css';
import { filterQuery, type VulnerabilitySearch } from './vulnerability-search.ts';

export function FixPlanView({ search }: { readonly search: VulnerabilitySearch }): ReactNode {
  const plan = useQuery(fixPlanQuery(filterQuery(search)));
  if (plan.isError && plan.data === undefined) return <NothingFound search={search} list={plan} />;
  return (
    // Scrollable regions must be reachable by keyboard; the rows have links for that.
    <div className={s.scrolling}>
      <FixPlanTable plan={plan.data} withImages />
    </div>
  );
}
