// The frame around every screen: side bar, top bar, palette, shortcuts, and the live connection.
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { LiveProvider, useLiveState } from '../../api/live-context.tsx';
import { statusQuery } from '../../api/queries.ts';
import { openRequestsQuery } from '../../api/scan-queries.ts';
import { useCan } from '../../api/session.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { cx } from '../../ui/class-names.ts';
import { useHotkeys } from '../../ui/hotkeys.ts';
import { Icon } from '../../ui/icon.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Dot } from '../../ui/page.tsx';
import { AccountMenu, PreferencesMenu } from './menus.tsx';
import { PLACES } from './navigation.ts';
import s from './shell.module.css';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const KeySheet = lazy(async () => ({ default: (await import('./key-sheet.tsx')).KeySheet }));

export function Shell(): ReactNode {
  return (
    <LiveProvider>
      <Frame />
    </LiveProvider>
  );
}

function Frame(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const [overlay, setOverlay] = useState<'palette' | 'keys' | null>(null);
  useHotkeys({
    ...Object.fromEntries(PLACES.map((place) => [place.shortcut, () => void navigate({ to: place.to })])),
    '/': () => document.querySelector<HTMLInputElement>('main [data-search]')?.focus(),
    '?': () => setOverlay('keys'),
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setOverlay((open) => (open === 'palette' ? null : 'palette'));
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className={s.frame}>
      <a href="#main" className={s.skip}>
        {text.app.skip}
      </a>
      <SideBar />
      <header className={s.topBar}>
        <button type="button" className={s.paletteButton} onClick={() => setOverlay('palette')}>
          <Icon name="search" />
          <span>{text.app.openPalette}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <LiveIndicator />
        <PreferencesMenu />
        <AccountMenu onKeys={() => setOverlay('keys')} />
      </header>
      <main id="main" className={s.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        {overlay === 'palette' && <Palette onClose={() => setOverlay(null)} />}
        {overlay === 'keys' && <KeySheet onClose={() => setOverlay(null)} />}
      </Suspense>
    </div>
  );
}

function SideBar(): ReactNode {
  const text = useText();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav aria-label={text.app.mainNav} className={s.sideBar}>
      <Link to="/" className={s.brand} activeOptions={{ exact: true }}>
        <Logo size={26} />
        <span>{text.app.name}</span>
      </Link>
      <div className={s.nav}>
        {PLACES.map((place) => {
          const current = place.to === '/' ? pathname === '/' : pathname.startsWith(place.to);
          return (
            <Link
              key={place.key}
              to={place.to}
              className={cx(s.navLink, current && s.current)}
              aria-current={current ? 'page' : undefined}
              // Ours says which one is current; the router's would also mark every prefix.
              activeOptions={{ exact: true }}
            >
              <Icon name={place.key} />
              {text.nav[place.key]}
              {place.key === 'vulnerabilities' && <OpenRequests />}
            </Link>
          );
        })}
      </div>
      <SensorNote />
    </nav>
  );
}

/** How many requests to accept a risk wait, for those who decide. */
function OpenRequests(): ReactNode {
  const text = useText();
  const isAdmin = useCan('admin');
  const { data } = useQuery({ ...openRequestsQuery, enabled: isAdmin });
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  const label = text.risks.waiting(count);
  return (
    <span className={s.waiting} title={label} aria-label={label} role="img">
      {data?.nextCursor === null ? count : `${count}+`}
    </span>
  );
}

function SensorNote(): ReactNode {
  const text = useText();
  const format = useFormat();
  const { data } = useQuery(statusQuery);
  const state = data?.sensor.state;
  const tone = state === 'running' ? 'good' : state === 'starting' || state === undefined ? 'plain' : 'bad';
  return (
    <Link to="/settings/$section" params={{ section: 'system' }} className={s.sensorNote}>
      <span className={s.sensorLine}>
        <Dot tone={tone} />
        {state === undefined ? text.common.loading : text.overview.sensor[state]}
      </span>
      <span className={s.sensorSub}>
        {data === undefined
          ? ' '
          : `${text.overview.eventRate(format.compact(Math.round(data.sensor.eventsPerSecond)))} · ${data.version}`}
      </span>
    </Link>
  );
}

function LiveIndicator(): ReactNode {
  const text = useText();
  const state = useLiveState();
  const tone = state === 'open' ? 'good' : state === 'connecting' ? 'plain' : 'bad';
  return (
    <span
      className={s.live}
      role="status"
      title={state === 'closed' ? text.live.closedHint : text.live.openHint}
    >
      <Dot tone={tone} />
      {text.live[state]}
    </span>
  );
}
