// The vulnerabilities of one image: facets, the list, and the drawer of one that explains itself.
import type { Artifact, ArtifactVulnerability } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { artifactVulnerabilitiesQuery } from '../../api/scan-queries.ts';
import type { Query } from '../../api/url.ts';
import { useItems } from '../../api/use-items.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { FacetedResults, FilterChip, FilterLine } from '../../ui/list-screen.tsx';
import { Badge } from '../../ui/page.tsx';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import v from '../vulnerabilities/vulnerabilities.module.css';
import { VulnerabilityFacetPanel } from '../vulnerabilities/vulnerability-facets.tsx';
import {
  ExploitMarks,
  FixMark,
  InUseMark,
  ScoreMark,
  useFactorRows,
} from '../vulnerabilities/vulnerability-marks.tsx';
import { without } from '../vulnerabilities/vulnerability-search.ts';
import { VulnerabilityTools } from '../vulnerabilities/vulnerability-tools.tsx';
import { FindingDrawer } from './finding-drawer.tsx';
import type { ImageSearch } from './images-search.ts';

/** The members that filter the list. */
export function listFilter(search: ImageSearch): Query {
  const { tab: _tab, at: _at, cve: _cve, vulnerable: _vulnerable, sort: _sort, ...filter } = search;
  return filter;
}

export function isExploited({ factors }: ArtifactVulnerability, name: 'kev' | 'ransomware'): boolean {
  return factors.some((factor) => factor.name === name && factor.effect > 0);
}

export function ImageVulnerabilities(props: {
  readonly artifact: Artifact;
  readonly search: ImageSearch;
}): ReactNode {
  const { artifact, search } = props;
  const { id } = artifact.summary;
  const text = useText();
  const { vulnerabilities } = text;
  const { column } = vulnerabilities;
  const navigate = useNavigate();
  const factorRows = useFactorRows();
  const filter = useMemo(() => listFilter(search), [search]);
  const list = useInfiniteQuery(artifactVulnerabilitiesQuery(id, { ...filter, sort: search.sort }));
  const findings = useItems(list);
  const { layer: _layer, ...facetFilter } = filter;
  function show(next: ImageSearch, replace = true): void {
    void navigate({ to: '/images/$imageId', params: { imageId: id }, search: next, replace });
  }
  const opened = (finding: ArtifactVulnerability): ImageSearch => ({
    ...search,
    cve: finding.id,
    at: finding.package,
  });
  const columns: readonly Column<ArtifactVulnerability>[] = [
    {
      key: 'id',
      label: column.vulnerability,
      width: 'minmax(0, 1fr)',
      renderCell: (finding) => (
        <>
          <span className={x.line}>
            <Link
              data-row
              to="/images/$imageId"
              params={{ imageId: id }}
              search={opened(finding)}
              className={cx(x.name, x.whole)}
              aria-label={vulnerabilities.open(`${finding.id} ${finding.packageName}`)}
            >
              {finding.id}
            </Link>
            <ExploitMarks
              exploited={isExploited(finding, 'kev')}
              ransomware={isExploited(finding, 'ransomware')}
            />
            {finding.suppressed !== undefined && <Badge tone="cold">{vulnerabilities.isAccepted}</Badge>}
          </span>
          <span className={x.sub} title={finding.summary}>
            <span className={v.onlySmall}>{`${finding.packageName} ${finding.installed} · `}</span>
            {finding.summary}
          </span>
        </>
      ),
    },
    {
      key: 'package',
      label: column.package,
      width: 'minmax(0, 0.6fr)',
      room: 'medium',
      renderCell: (finding) => (
        <>
          <span className={x.cut} title={finding.packageName}>
            {finding.packageName}
          </span>
          <span className={x.sub} title={finding.installed}>
            {finding.installed}
          </span>
        </>
      ),
    },
    {
      key: 'severity',
      label: column.severity,
      width: '84px',
      renderCell: ({ severity }) => <SeverityLabel severity={severity} />,
    },
    {
      key: 'score',
      label: column.score,
      width: '52px',
      renderCell: ({ score, severity, factors }) => (
        <ScoreMark score={score} severity={severity} rows={factorRows(factors)} />
      ),
    },
    {
      key: 'fix',
      label: column.fix,
      width: '120px',
      room: 'medium',
      renderCell: ({ fixed, status }) => <FixMark fixed={fixed} status={status} />,
    },
    {
      key: 'use',
      label: column.inUse,
      width: '124px',
      room: 'small',
      renderCell: ({ inUse }) => <InUseMark grade={inUse} />,
    },
    {
      key: 'first',
      label: column.firstSeen,
      width: '104px',
      room: 'wide',
      renderCell: ({ firstSeenAt }) => (
        <span className={x.muted}>
          <Ago time={firstSeenAt} />
        </span>
      ),
    },
  ];
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <VulnerabilityTools search={search} onChange={show} sortable withRunning={false} />
      {search.layer !== undefined && (
        <LayerChip layer={search.layer} onRemove={() => show(without(search, 'layer'))} />
      )}
      <FacetedResults
        facets={
          <VulnerabilityFacetPanel
            search={search}
            filter={{ ...facetFilter, artifact: id }}
            onChange={show}
            hidden={['kind', 'artifact']}
          />
        }
      >
        <VirtualTable
          label={vulnerabilities.title}
          columns={columns}
          items={findings}
          keyOf={(finding) => `${finding.id} ${finding.package}`}
          list={list}
          openKey={
            search.cve === undefined || search.at === undefined ? undefined : `${search.cve} ${search.at}`
          }
          onOpen={(finding, isWalking) => show(opened(finding), isWalking || search.cve !== undefined)}
          empty={
            list.isError ? (
              <ErrorState error={list.error} onRetry={() => void list.refetch()} />
            ) : (
              <EmptyState
                title={isFiltered ? vulnerabilities.empty : vulnerabilities.emptyAll}
                {...(isFiltered && {
                  hint: vulnerabilities.emptyHint,
                  action: <Button onClick={() => show({})}>{text.common.clearAll}</Button>,
                })}
              />
            )
          }
        />
      </FacetedResults>
      {search.cve !== undefined && search.at !== undefined && (
        <FindingDrawer
          artifact={artifact}
          cve={search.cve}
          purl={search.at}
          known={findings.find((one) => one.id === search.cve && one.package === search.at)}
          accepted={search.accepted === 'true'}
          onClose={() => show(without(without(search, 'cve'), 'at'))}
        />
      )}
    </>
  );
}

function LayerChip(props: { readonly layer: string; readonly onRemove: () => void }): ReactNode {
  const { layer } = useText().images;
  return (
    <FilterLine>
      <FilterChip name={layer.only} value={props.layer.slice(0, 19)} onRemove={props.onRemove} />
    </FilterLine>
  );
}
