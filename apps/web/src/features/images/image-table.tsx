// One row an image, host or container that was scanned.
import type { ArtifactSummary } from '@guardcell/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SeverityBar } from '../../charts/severity-bar.tsx';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Badge } from '../../ui/page.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import { type Column, countColumn, type PagedList, VirtualTable } from '../../ui/virtual-table.tsx';
import { SeverityNumbers, totalOf } from '../vulnerabilities/vulnerability-marks.tsx';
import s from './images.module.css';
import type { ImageSearch } from './images-search.ts';

export function ImageTable(props: {
  readonly artifacts: readonly ArtifactSummary[];
  readonly list: PagedList;
  /** What the page of an image shows first. */
  readonly inside: ImageSearch;
  readonly empty: ReactNode;
}): ReactNode {
  const { artifacts, inside } = props;
  const { images } = useText();
  const { column } = images;
  const format = useFormat();
  const navigate = useNavigate();
  const most = Math.max(1, ...artifacts.map(({ vulnerabilities }) => totalOf(vulnerabilities)));
  const columns: readonly Column<ArtifactSummary>[] = [
    {
      key: 'name',
      label: column.name,
      width: 'minmax(0, 1fr)',
      renderCell: (each) => (
        <>
          <span className={x.line}>
            <Link
              data-row
              to="/images/$imageId"
              params={{ imageId: each.id }}
              search={inside}
              className={x.name}
              aria-label={images.open(each.name)}
              title={each.name}
            >
              {each.name}
            </Link>
            <KindMark kind={each.kind} />
            <span className={s.narrowMarks}>
              <OtherMarks artifact={each} />
            </span>
          </span>
          <span className={x.sub}>
            {[each.os, images.packagesCount(each.packages)].filter((part) => part !== '').join(' · ')}
          </span>
        </>
      ),
    },
    {
      key: 'risk',
      label: column.risk,
      width: '44px',
      right: true,
      renderCell: ({ risk }) => <strong>{Math.round(risk)}</strong>,
    },
    {
      key: 'vulnerabilities',
      label: column.vulnerabilities,
      width: 'clamp(120px, 32cqw, 216px)',
      renderCell: ({ vulnerabilities, errors }) => (
        <>
          <SeverityBar counts={vulnerabilities} share={totalOf(vulnerabilities) / most} />
          <SeverityNumbers
            counts={vulnerabilities}
            none={errors > 0 ? images.noneInWhatWasJudged : undefined}
          />
        </>
      ),
    },
    countColumn({ key: 'inUse', label: column.inUse, width: '56px', room: 'medium' }, ({ inUse }) => inUse),
    countColumn(
      { key: 'running', label: column.running, width: '60px', room: 'medium' },
      ({ running }) => running,
    ),
    {
      key: 'other',
      label: column.other,
      width: '132px',
      room: 'wide',
      renderCell: (each) => <OtherMarks artifact={each} />,
    },
    {
      key: 'registry',
      label: column.registry,
      width: '92px',
      room: 'wide',
      renderCell: ({ registries }) => (
        <span className={x.sub} title={registries.join(', ')}>
          {registries.join(', ') || '—'}
        </span>
      ),
    },
    {
      key: 'scanned',
      label: column.scanned,
      width: '104px',
      room: 'wide',
      renderCell: ({ scannedAt, matchedAt }) => (
        <span className={x.muted} title={`${images.matched}: ${format.dateTime(matchedAt)}`}>
          <Ago time={scannedAt} />
        </span>
      ),
    },
  ];
  return (
    <VirtualTable
      label={images.title}
      columns={columns}
      items={artifacts}
      keyOf={({ id }) => id}
      list={props.list}
      onOpen={({ id }) => void navigate({ to: '/images/$imageId', params: { imageId: id }, search: inside })}
      empty={props.empty}
    />
  );
}

/** Says what it is, unless it is an image as most are. */
export function KindMark({ kind }: { readonly kind: ArtifactSummary['kind'] }): ReactNode {
  const { vulnerabilities } = useText();
  return kind === 'image' ? null : <Badge>{vulnerabilities.kind[kind]}</Badge>;
}

/** What else was found: malware and secrets first. */
function OtherMarks({ artifact }: { readonly artifact: ArtifactSummary }): ReactNode {
  const { images } = useText();
  const marks = [
    artifact.malware > 0 && (
      <Badge key="malware" tone="bad">
        {images.malware(artifact.malware)}
      </Badge>
    ),
    artifact.secrets > 0 && (
      <Badge key="secrets" tone="warn">
        {images.secrets(artifact.secrets)}
      </Badge>
    ),
    artifact.errors > 0 && <Badge key="errors">{images.errors(artifact.errors)}</Badge>,
  ].filter(Boolean);
  return marks.length === 0 ? null : <span className={s.marks}>{marks}</span>;
}
