// The fix plan over everything that passes the filter.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fixPlanQuery } from '../../api/scan-queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { ScrollingRegion } from '../../ui/list-screen.tsx';
import { FixPlanTable } from './fix-plan-table.tsx';
import { NothingFound } from './nothing-found.tsx';
import { filterQuery, type VulnerabilitySearch } from './vulnerability-search.ts';

export function FixPlanView({ search }: { readonly search: VulnerabilitySearch }): ReactNode {
  const { vulnerabilities } = useText();
  const plan = useQuery(fixPlanQuery(filterQuery(search)));
  if (plan.isError && plan.data === undefined) return <NothingFound search={search} list={plan} />;
  return (
    <ScrollingRegion label={vulnerabilities.by.plan}>
      <FixPlanTable plan={plan.data} withImages />
    </ScrollingRegion>
  );
}
