// Vulnerabilities over everything that was scanned: by CVE, package, image, workload, and what closes most.
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { FacetedResults, ListScreen } from '../../ui/list-screen.tsx';
import { CveTable } from './cve-table.tsx';
import { FixPlanView } from './fix-plan-view.tsx';
import { PackageTable } from './package-table.tsx';
import { VulnerabilitiesHead } from './vulnerabilities-head.tsx';
import { VulnerabilityFacetPanel } from './vulnerability-facets.tsx';
import { filterQuery, isFiltered, type VulnerabilitySearch } from './vulnerability-search.ts';
import { FilterChips, VulnerabilityTools } from './vulnerability-tools.tsx';
import { VulnerableImages } from './vulnerable-images.tsx';
import { WorkloadTable } from './workload-table.tsx';

export function VulnerabilitiesPage(): ReactNode {
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/vulnerabilities' });
  const { vulnerabilityId } = useParams({ strict: false });
  const filter = useMemo(() => filterQuery(search), [search]);
  function show(next: VulnerabilitySearch): void {
    void navigate({ to: '/vulnerabilities', search: next, replace: true });
  }
  return (
    <ListScreen>
      <VulnerabilitiesHead search={search} />
      <VulnerabilityTools search={search} onChange={show} sortable={search.by === undefined} />
      <FilterChips
        search={search}
        isFiltered={isFiltered(search)}
        onChange={show}
        onClear={() => show(search.by === undefined ? {} : { by: search.by })}
      />
      <FacetedResults facets={<VulnerabilityFacetPanel search={search} filter={filter} onChange={show} />}>
        <View search={search} openId={vulnerabilityId} />
      </FacetedResults>
      <Outlet />
    </ListScreen>
  );
}

function View(props: {
  readonly search: VulnerabilitySearch;
  readonly openId: string | undefined;
}): ReactNode {
  switch (props.search.by) {
    case 'package':
      return <PackageTable search={props.search} />;
    case 'image':
      return <VulnerableImages search={props.search} />;
    case 'workload':
      return <WorkloadTable search={props.search} />;
    case 'plan':
      return <FixPlanView search={props.search} />;
    default:
      return <CveTable search={props.search} openId={props.openId} />;
  }
}
