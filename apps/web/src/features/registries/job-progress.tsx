// A scan job: its state, and how far it is while it runs.
import type { ScanJob } from '@guardcell/contract';
import type { ReactNode } from 'react';
import { isUnderWay } from '../../api/scan-queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge } from '../../ui/page.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import s from './registries.module.css';

const TONES = {
  waiting: 'plain',
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'plain',
} as const;

export function JobState({ job }: { readonly job: ScanJob }): ReactNode {
  const { registries } = useText();
  const hasProblems = job.state === 'succeeded' && job.progress.failed > 0;
  return <Badge tone={hasProblems ? 'warn' : TONES[job.state]}>{registries.job[job.state]}</Badge>;
}

/** The bar while it runs, its outcome afterwards. */
export function JobProgress({ job }: { readonly job: ScanJob }): ReactNode {
  const { registries } = useText();
  const { done, total, scanned, skipped, failed, current } = job.progress;
  if (!isUnderWay(job.state)) {
    return (
      <div>
        <div className={s.line}>
          <JobState job={job} />
          <span className={x.muted}>
            <Ago time={job.finishedAt || job.createdAt} />
          </span>
        </div>
        <div className={x.sub}>
          {job.state === 'failed' ? job.detail : registries.counts(scanned, skipped, failed)}
        </div>
      </div>
    );
  }
  const label = total === 0 ? registries.looking : registries.progress(done, total);
  return (
    <div>
      <div className={s.line}>
        <JobState job={job} />
        <span className={x.muted}>{label}</span>
      </div>
      <div
        className={s.bar}
        role="progressbar"
        aria-label={`${registries.job[job.state]}: ${job.target}`}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(total > 0 && { 'aria-valuenow': Math.round((done / total) * 100) })}
        aria-valuetext={label}
      >
        <span
          className={total === 0 ? s.barUnknown : s.barFill}
          style={{ width: total === 0 ? '30%' : `${(done / total) * 100}%` }}
        />
      </div>
      <div className={x.sub} title={current}>
        {current}
      </div>
    </div>
  );
}
