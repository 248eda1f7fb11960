// Heading and tabs that every view of vulnerabilities shares. Tabs keep the filter.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { PageHead } from '../../ui/page.tsx';
import { TabRow } from '../../ui/tab-row.tsx';
import u from '../../ui/ui.module.css';
import { GROUPINGS, type VulnerabilitySearch } from './vulnerability-search.ts';

export function VulnerabilitiesHead(props: {
  readonly search: VulnerabilitySearch;
  readonly isRisks?: boolean;
  readonly note?: string;
}): ReactNode {
  const { vulnerabilities } = useText();
  const { by: current, ...rest } = props.search;
  const isRisks = props.isRisks === true;
  return (
    <>
      <PageHead title={isRisks ? vulnerabilities.by.risks : vulnerabilities.title} note={props.note ?? ''} />
      <TabRow label={vulnerabilities.title} current={isRisks ? 'risks' : (current ?? 'cve')}>
        {([undefined, ...GROUPINGS] as const).map((by) => (
          <Link
            key={by ?? 'cve'}
            to="/vulnerabilities"
            search={by === undefined ? rest : { ...rest, by }}
            className={u.tab}
            activeOptions={{ exact: true }}
            aria-current={!isRisks && by === current ? 'page' : undefined}
          >
            {vulnerabilities.by[by ?? 'cve']}
          </Link>
        ))}
        <Link
          to="/vulnerabilities/risks"
          className={u.tab}
          activeOptions={{ exact: true }}
          aria-current={isRisks ? 'page' : undefined}
        >
          {vulnerabilities.by.risks}
        </Link>
      </TabRow>
    </>
  );
}
