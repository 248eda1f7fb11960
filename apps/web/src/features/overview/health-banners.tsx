// What is wrong with the platform itself, said across the page with what to do.
import type { Status } from '@guardcell/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Banner } from '../../ui/page.tsx';
import s from './overview.module.css';

export function HealthBanners({ status }: { readonly status: Status }): ReactNode {
  const text = useText();
  const { sensor, rules, store } = status;
  const blind = sensor.state === 'unavailable' || sensor.state === 'failed' || sensor.state === 'off';
  return (
    <>
      {blind && (
        <Banner
          tone={sensor.state === 'off' ? 'warn' : 'bad'}
          title={text.overview.sensor[sensor.state]}
          action={
            <Link to="/settings/$section" params={{ section: 'system' }} className={s.bannerLink}>
              {text.overview.sensorDetails}
            </Link>
          }
        >
          <p>
            {sensor.detail} {sensor.errorCode !== '' && <code>{sensor.errorCode}</code>}
          </p>
          <p>{text.overview.sensorHint}</p>
        </Banner>
      )}
      {store.state !== 'ok' && (
        <Banner tone="bad" title={text.overview.storeProblem}>
          <p>{store.detail}</p>
        </Banner>
      )}
      {rules.errors > 0 && (
        <Banner
          tone="warn"
          title={text.overview.ruleProblems(rules.errors)}
          action={
            <Link to="/rules" className={s.bannerLink}>
              {text.nav.rules}
            </Link>
          }
        />
      )}
    </>
  );
}
