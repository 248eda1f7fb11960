// What changes from one image to another: vulnerabilities added and removed, packages that changed.
import type { ArtifactSummary, Comparison, SeverityCounts } from '@guardcell/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { artifactQuery, artifactsQuery, comparisonQuery } from '../../api/scan-queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Mono, PageHead } from '../../ui/page.tsx';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import { SeverityNumbers } from '../vulnerabilities/vulnerability-marks.tsx';
import s from './images.module.css';

export function ComparePage(): ReactNode {
  const { images } = useText();
  const { imageId } = useParams({ from: '/app/images/$imageId/compare' });
  const { to = '' } = useSearch({ from: '/app/images/$imageId/compare' });
  const { data, error, refetch } = useQuery(comparisonQuery(imageId, to));
  return (
    <>
      <Link to="/images/$imageId" params={{ imageId }} className={s.crumb}>
        {images.title}
      </Link>
      <PageHead title={images.comparison.title} />
      <Pair from={imageId} to={to} />
      {to === '' ? (
        <EmptyState title={images.comparison.pick} hint={images.comparison.pickHint} />
      ) : error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton height={320} />
      ) : (
        <Result comparison={data} />
      )}
    </>
  );
}

/** The name of a repository, without tag and registry's prefix, by which images belong together. */
function repositoryOf(name: string): string {
  return name.replace(/[:@][^/]*$/, '');
}

/** Images of the same repository first. */
function byKinship(own: string, all: readonly ArtifactSummary[]): readonly ArtifactSummary[] {
  const repository = repositoryOf(own);
  const isKin = ({ name }: ArtifactSummary): number => Number(repositoryOf(name) === repository);
  return all.toSorted((a, b) => isKin(b) - isKin(a) || a.name.localeCompare(b.name));
}

function Pair(props: { readonly from: string; readonly to: string }): ReactNode {
  const { from, to } = props;
  const { images } = useText();
  const navigate = useNavigate();
  const labelId = useId();
  const { data: artifact } = useQuery(artifactQuery(from));
  const list = useInfiniteQuery(artifactsQuery({ sort: 'name' }));
  const own = artifact?.summary.name ?? '';
  const others = byKinship(own, list.data?.pages.flatMap((page) => page.items) ?? []).filter(
    ({ id }) => id !== from,
  );
  const known = to === '' || others.some(({ id }) => id === to);
  return (
    <div className={s.pair}>
      <div className={s.side}>
        <span id={labelId}>{images.comparison.from}</span>
        <span className={s.sideName} aria-labelledby={labelId} role="group" title={own}>
          {artifact === undefined ? <Skeleton width={220} /> : own}
        </span>
      </div>
      <IconButton
        icon="compare"
        variant="default"
        label={images.comparison.swap}
        disabled={to === ''}
        onClick={() =>
          void navigate({
            to: '/images/$imageId/compare',
            params: { imageId: to },
            search: { to: from },
            replace: true,
          })
        }
      />
      <SelectField
        label={images.comparison.to}
        value={to}
        options={[
          { value: '', label: images.comparison.pick },
          ...(known ? [] : [{ value: to, label: to.slice(0, 19) }]),
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(next) =>
          void navigate({
            to: '/images/$imageId/compare',
            params: { imageId: from },
            search: next === '' ? {} : { to: next },
            replace: true,
          })
        }
      />
    </div>
  );
}

function Result({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const { comparison: text } = useText().images;
  const counts: readonly (readonly [string, SeverityCounts])[] = [
    [text.added, comparison.counts.added],
    [text.removed, comparison.counts.removed],
    [text.unchanged, comparison.counts.unchanged],
  ];
  return (
    <>
      <div className={s.counts}>
        {counts.map(([label, value]) => (
          <section key={label} className={s.count}>
            <h2>{label}</h2>
            <SeverityNumbers counts={value} />
          </section>
        ))}
      </div>
      <div className={s.stack}>
        <Changes title={text.added} changes={comparison.added} />
        <Changes title={text.removed} changes={comparison.removed} />
        <Packages comparison={comparison} />
      </div>
    </>
  );
}

function Changes(props: { readonly title: string; readonly changes: Comparison['added'] }): ReactNode {
  const { images, vulnerabilities } = useText();
  const { changes } = props;
  const { column } = vulnerabilities;
  return (
    <section>
      <div className={s.sectionHead}>
        <h2>{props.title}</h2>
      </div>
      {changes.length === 0 ? (
        <p className={x.muted}>{images.comparison.nothing}</p>
      ) : (
        <Table
          columns={[
            { label: column.vulnerability, width: '22%' },
            { label: column.severity, width: '14%' },
            { label: column.package },
            { label: column.installed, width: '18%' },
            { label: column.fix, width: '18%' },
            { label: column.score, width: '64' },
          ]}
          waiting={0}
        >
          {changes.map((each) => (
            <tr key={`${each.id} ${each.packageName} ${each.installed}`}>
              <td>
                <Link
                  to="/vulnerabilities/$vulnerabilityId"
                  params={{ vulnerabilityId: each.id }}
                  className={x.name}
                >
                  {each.id}
                </Link>
              </td>
              <td>
                <SeverityLabel severity={each.severity} />
              </td>
              <td>
                <div className={x.cut}>{each.packageName}</div>
              </td>
              <td>
                <div className={x.cut} title={each.installed}>
                  <Mono>{each.installed}</Mono>
                </div>
              </td>
              <td>
                <div className={x.cut} title={each.fixed}>
                  <Mono>{each.fixed || '—'}</Mono>
                </div>
              </td>
              <td>{Math.round(each.score)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Packages({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const { images } = useText();
  const { comparison: text, packages: names } = images;
  const { packages: changes } = comparison;
  return (
    <section>
      <div className={s.sectionHead}>
        <h2>{text.packages}</h2>
        {comparison.counts.packages > 0 && (
          <span className={x.muted}>{text.shown(changes.length, comparison.counts.packages)}</span>
        )}
      </div>
      {changes.length === 0 ? (
        <p className={x.muted}>{text.nothing}</p>
      ) : (
        <Table
          columns={[{ label: names.name }, { label: names.type }, { label: text.from }, { label: text.to }]}
          waiting={0}
        >
          {changes.map((each) => (
            <tr key={`${each.type} ${each.name} ${each.from} ${each.to}`}>
              <td>
                <div className={x.cut}>{each.name}</div>
              </td>
              <td className={x.muted}>{each.type}</td>
              <td>
                {each.from === '' ? <span className={x.muted}>{text.new}</span> : <Mono>{each.from}</Mono>}
              </td>
              <td>
                {each.to === '' ? <span className={x.muted}>{text.gone}</span> : <Mono>{each.to}</Mono>}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
