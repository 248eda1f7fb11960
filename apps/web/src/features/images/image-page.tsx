// One image or host: who it is, what was found in it, layer by layer, and how to put it right.
import type { Artifact } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { artifactFixPlanQuery, artifactQuery } from '../../api/scan-queries.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { cx } from '../../ui/class-names.ts';
import { ListScreen, ScrollingRegion } from '../../ui/list-screen.tsx';
import { PageHead } from '../../ui/page.tsx';
import { ErrorState, WaitingLines } from '../../ui/states.tsx';
import { TabRow } from '../../ui/tab-row.tsx';
import u from '../../ui/ui.module.css';
import { FixPlanTable } from '../vulnerabilities/fix-plan-table.tsx';
import { totalOf } from '../vulnerabilities/vulnerability-marks.tsx';
import { ErrorsTab, LicensesTab, MalwareTab, MisconfigurationsTab, SecretsTab } from './image-findings.tsx';
import { ImageHead } from './image-head.tsx';
import { ImageLayers } from './image-layers.tsx';
import { ImagePackages } from './image-packages.tsx';
import { ImageVulnerabilities } from './image-vulnerabilities.tsx';
import s from './images.module.css';
import { IMAGE_TABS, type ImageSearch, type ImageTab } from './images-search.ts';

export function ImagePage(): ReactNode {
  const { images } = useText();
  const { imageId } = useParams({ from: '/app/images/$imageId' });
  const search = useSearch({ from: '/app/images/$imageId' });
  const { data: artifact, error, refetch } = useQuery(artifactQuery(imageId));
  const tab = search.tab ?? 'vulnerabilities';
  if (error !== null && artifact === undefined) {
    return (
      <>
        <PageHead title={images.title} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  return (
    <ListScreen>
      <ImageHead artifact={artifact} />
      {artifact === undefined ? (
        // The counts in the tabs would push them about.
        <div className={cx(u.tabs, s.noTabs)} />
      ) : (
        <Tabs imageId={imageId} artifact={artifact} current={tab} />
      )}
      <div className={s.body}>
        {artifact === undefined ? (
          <WaitingLines widths={[88, 70, 76, 54, 66]} height={20} />
        ) : (
          <Body artifact={artifact} tab={tab} search={search} />
        )}
      </div>
    </ListScreen>
  );
}

function tabCount({ summary, layers, errors }: Artifact, tab: ImageTab): number | undefined {
  switch (tab) {
    case 'vulnerabilities':
      return totalOf(summary.vulnerabilities);
    case 'layers':
      return layers.length;
    case 'packages':
      return summary.packages;
    case 'secrets':
      return summary.secrets;
    case 'misconfigurations':
      return summary.misconfigurations;
    case 'malware':
      return summary.malware;
    case 'errors':
      return errors.length;
    case 'licenses':
    case 'plan':
      return undefined;
  }
}

function Tabs(props: {
  readonly imageId: string;
  readonly artifact: Artifact;
  readonly current: ImageTab;
}): ReactNode {
  const { images } = useText();
  const format = useFormat();
  const { artifact } = props;
  return (
    <TabRow label={images.title} current={props.current}>
      {IMAGE_TABS.map((tab) => {
        const count = tabCount(artifact, tab);
        return (
          <Link
            key={tab}
            to="/images/$imageId"
            params={{ imageId: props.imageId }}
            search={tab === 'vulnerabilities' ? {} : { tab }}
            replace
            className={u.tab}
            activeOptions={{ exact: true }}
            aria-current={tab === props.current ? 'page' : undefined}
          >
            {images.tab[tab]}
            {count !== undefined && count > 0 && <span className={s.tabCount}>{format.compact(count)}</span>}
          </Link>
        );
      })}
    </TabRow>
  );
}

function Body(props: {
  readonly artifact: Artifact;
  readonly tab: ImageTab;
  readonly search: ImageSearch;
}): ReactNode {
  const { artifact, search } = props;
  const { id } = artifact.summary;
  switch (props.tab) {
    case 'vulnerabilities':
      return <ImageVulnerabilities artifact={artifact} search={search} />;
    case 'packages':
      return <ImagePackages artifact={artifact} search={search} />;
    case 'layers':
      return <Scrolling view={<ImageLayers artifact={artifact} />} />;
    case 'secrets':
      return <Scrolling view={<SecretsTab id={id} />} />;
    case 'misconfigurations':
      return <Scrolling view={<MisconfigurationsTab id={id} />} />;
    case 'malware':
      return <Scrolling view={<MalwareTab id={id} />} />;
    case 'licenses':
      return <Scrolling view={<LicensesTab id={id} />} />;
    case 'plan':
      return <Scrolling view={<Plan id={id} />} />;
    case 'errors':
      return <Scrolling view={<ErrorsTab errors={artifact.errors} />} />;
  }
}

function Scrolling({ view }: { readonly view: ReactNode }): ReactNode {
  const { images } = useText();
  return <ScrollingRegion label={images.title}>{view}</ScrollingRegion>;
}

function Plan({ id }: { readonly id: string }): ReactNode {
  const { data, error, refetch } = useQuery(artifactFixPlanQuery(id));
  if (error !== null && data === undefined) {
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return <FixPlanTable plan={data} withImages={false} />;
}
