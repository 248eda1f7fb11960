// Head of an image's page: its name and digest, what it is, how it runs, how long sensors watched it; and what to do with it.
import type { Artifact, ArtifactSummary } from '@guardcell/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useDeleteArtifact, useScanArtifact } from '../../api/scan-mutations.ts';
import { useCan } from '../../api/session.ts';
import { buildUrl } from '../../api/url.ts';
import type { Language } from '../../i18n/catalogue.ts';
import { useFormat, useI18n, useText } from '../../i18n/i18n-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmRemoval } from '../../ui/confirm-removal.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { useFailureToast } from '../../ui/form-problem.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Mono, PageHead } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { KindMark } from './image-table.tsx';
import s from './images.module.css';

export function ImageHead({ artifact }: { readonly artifact: Artifact | undefined }): ReactNode {
  const { images } = useText();
  return (
    <div className={s.head}>
      <div className={s.headText}>
        <Link to="/images" className={s.crumb}>
          {images.title}
        </Link>
        {artifact === undefined ? (
          <p>
            <Skeleton width={320} height={24} />
          </p>
        ) : (
          <>
            <PageHead title={artifact.summary.name} />
            <HeadFacts artifact={artifact} />
          </>
        )}
      </div>
      {artifact !== undefined && <HeadActions summary={artifact.summary} />}
    </div>
  );
}

function HeadFacts({ artifact }: { readonly artifact: Artifact }): ReactNode {
  const { images, vulnerabilities } = useText();
  const format = useFormat();
  const { summary } = artifact;
  const digest = summary.id.startsWith('sha256:') ? `${summary.id.slice(0, 19)}…` : summary.id;
  const fact = (label: string, value: ReactNode, title?: string): ReactNode => (
    <span className={s.headFact} title={title}>
      {label} <strong>{value}</strong>
    </span>
  );
  return (
    <div className={s.headFacts}>
      <KindMark kind={summary.kind} />
      {fact(images.risk, Math.round(summary.risk), images.riskHint)}
      {summary.os !== '' && <span>{summary.os}</span>}
      <span className={s.headFact} title={summary.id}>
        <Mono>{digest}</Mono>
        <CopyButton iconOnly value={summary.id} />
      </span>
      {summary.platform !== '' && <span>{summary.platform}</span>}
      {summary.size > 0 && <span>{format.bytes(summary.size)}</span>}
      {summary.running > 0 && (
        <Link to="/vulnerabilities" search={{ by: 'workload', artifact: summary.id }} className={s.crumb}>
          {vulnerabilities.runningIn(summary.running)}
        </Link>
      )}
      {fact(images.observed, <Observation artifact={artifact} />)}
      {fact(images.column.scanned, <Ago time={summary.scannedAt} />)}
      {fact(images.matched, <Ago time={summary.matchedAt} />, images.matchedHint)}
    </div>
  );
}

/** How long sensors watched it: without that, "never touched" would mean nothing. */
function Observation({ artifact }: { readonly artifact: Artifact }): ReactNode {
  const { images } = useText();
  const format = useFormat();
  const { from, to, containers } = artifact.inUseWindow;
  const spanMs = Date.parse(to) - Date.parse(from);
  if (Number.isNaN(spanMs)) return images.notObserved;
  const span = format.duration(Math.max(0, spanMs));
  return containers === 0 ? images.observedHost(span) : images.observedIn(containers, span);
}

const FORMATS = [
  'json',
  'html',
  'csv',
  'sarif',
  'cyclonedx',
  'cyclonedx-xml',
  'spdx-json',
  'spdx',
  'openvex',
  'openvex-draft',
] as const;

/** The others are for programs, and are the same for everybody. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(['html']);

/** The browser saves what the link answers with; the session's cookie goes along. */
function download(id: string, format: (typeof FORMATS)[number], language: Language): void {
  const link = document.createElement('a');
  link.href = buildUrl(
    'getArtifactReport',
    { id },
    FOR_PEOPLE.has(format) ? { format, language } : { format },
  ).url;
  link.download = '';
  link.click();
}

function HeadActions({ summary }: { readonly summary: ArtifactSummary }): ReactNode {
  const { text, language } = useI18n();
  const { images } = text;
  const toast = useToast();
  const fail = useFailureToast();
  const navigate = useNavigate();
  const mayScan = useCan('responder');
  const isAdmin = useCan('admin');
  const scan = useScanArtifact();
  const forget = useDeleteArtifact();
  const [forgetting, setForgetting] = useState(false);
  return (
    <div className={s.headActions}>
      <Button
        disabled={!mayScan || scan.isPending}
        title={mayScan ? undefined : text.vulnerabilities.needResponder}
        onClick={() =>
          scan.mutate(summary.id, {
            onSuccess: () => toast({ tone: 'good', title: images.scanAsked(summary.name) }),
            onError: fail,
          })
        }
      >
        {images.scanAgain}
      </Button>
      <Link to="/images/$imageId/compare" params={{ imageId: summary.id }} className={s.linkButton}>
        <Icon name="compare" />
        {images.compare}
      </Link>
      <Menu trigger={<Button icon="download">{images.download}</Button>}>
        {FORMATS.map((format) => (
          <MenuItem key={format} icon="file" onSelect={() => download(summary.id, format, language)}>
            {images.formats[format]}
          </MenuItem>
        ))}
      </Menu>
      {isAdmin && (
        <IconButton
          icon="trash"
          variant="default"
          label={images.forget}
          onClick={() => setForgetting(true)}
        />
      )}
      {forgetting && (
        <ConfirmRemoval
          title={images.forgetTitle(summary.name)}
          note={images.forgetText}
          action={images.forget}
          isBusy={forget.isPending}
          onClose={() => setForgetting(false)}
          onConfirm={() =>
            forget.mutate(summary.id, {
              onSuccess: () => {
                toast({ tone: 'good', title: images.forgotten(summary.name) });
                void navigate({ to: '/images' });
              },
              onError: (error) => {
                setForgetting(false);
                fail(error);
              },
            })
          }
        />
      )}
    </div>
  );
}
