// Events: time range, filters, histogram, facets and the table; the drawer of one alert is the child route.
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { facetsQuery, histogramQuery } from '../../api/queries.ts';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import { useText } from '../../i18n/i18n-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { FacetedResults, ListScreen, ToolBar } from '../../ui/list-screen.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { WordSearch } from '../../ui/word-search.tsx';
import { EventTable } from './event-table.tsx';
import s from './events.module.css';
import { apiFilter, type EventsSearch, withRange, zoomOut } from './events-search.ts';
import { FacetPanel } from './facet-panel.tsx';
import { FilterBar } from './filter-bar.tsx';
import { TailControls } from './tail-controls.tsx';
import { TimeRangePicker } from './time-range-picker.tsx';
import { useTail } from './use-tail.ts';

const HISTOGRAM_HEIGHT = 112;
const BUCKETS = 72;

export function EventsPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/events' });
  const { eventId } = useParams({ strict: false });
  const filter = useMemo(() => apiFilter(search), [search]);
  const facets = useQuery(facetsQuery(filter));
  const tail = useTail(search);

  function show(next: EventsSearch, replace = false): void {
    void navigate({ to: '/events', search: next, replace });
  }
  function showKeepingDrawer(next: EventsSearch): void {
    if (eventId === undefined) show(next, true);
    else void navigate({ to: '/events/$eventId', params: { eventId }, search: next, replace: true });
  }
  return (
    <ListScreen>
      <PageHead
        title={text.events.title}
        note={facets.data === undefined ? '' : text.events.count(facets.data.total)}
      >
        <TailControls search={search} tail={tail} onChange={showKeepingDrawer} />
        <TimeRangePicker search={search} onChange={show} />
        <IconButton
          variant="default"
          icon="zoomOut"
          label={text.range.zoomOut}
          onClick={() => show(zoomOut(search, Date.now()))}
        />
      </PageHead>
      <ToolBar>
        <WordSearch
          wide
          label={text.events.search}
          value={search.q ?? ''}
          onChange={(q) => show(withWords(search, q), true)}
        />
      </ToolBar>
      <FilterBar search={search} onChange={show} facets={facets.data} />
      <FacetedResults
        facets={<FacetPanel search={search} facets={facets.data} failed={facets.isError} onChange={show} />}
      >
        <Histogram search={search} onChange={show} />
        <EventTable search={search} tail={tail} openId={eventId} />
      </FacetedResults>
      <Outlet />
    </ListScreen>
  );
}

function withWords(search: EventsSearch, q: string): EventsSearch {
  const { q: _old, ...rest } = search;
  return q === '' ? rest : { ...rest, q };
}

function Histogram({
  search,
  onChange,
}: {
  readonly search: EventsSearch;
  readonly onChange: (next: EventsSearch) => void;
}): ReactNode {
  const text = useText();
  const [asTable, setAsTable] = useState(false);
  const { data, isError } = useQuery(histogramQuery(apiFilter(search), BUCKETS));
  const buckets = useMemo(
    () =>
      (data?.buckets ?? []).map((bucket) => ({ startMs: Date.parse(bucket.start), counts: bucket.counts })),
    [data],
  );
  if (isError && data === undefined) return null;
  return (
    <section className={s.histogram}>
      {data === undefined ? (
        <Skeleton height={HISTOGRAM_HEIGHT} />
      ) : (
        <StackedBars
          label={`${text.events.histogram}. ${text.events.histogramHint}`}
          buckets={buckets}
          bucketMs={data.bucketSeconds * 1000}
          height={HISTOGRAM_HEIGHT}
          asTable={asTable}
          onRange={(fromMs, toMs) =>
            onChange(withRange(search, new Date(fromMs).toISOString(), new Date(toMs).toISOString()))
          }
        />
      )}
      <IconButton
        className={s.histogramToggle}
        size="small"
        icon={asTable ? 'chart' : 'table'}
        label={asTable ? text.common.showChart : text.common.showTable}
        onClick={() => setAsTable(!asTable)}
      />
    </section>
  );
}
