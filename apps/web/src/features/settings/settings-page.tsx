// Settings: tabs with an address each; what only administrators may see says so to everybody else.
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { PageHead, TabLinks } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { AccountSection } from './account-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { AuditSection } from './audit-section.tsx';
import { KeysSection } from './keys-section.tsx';
import { PlatformSection } from './platform-section.tsx';
import { ScanningSection } from './scanning-section.tsx';
import { SystemSection } from './system-section.tsx';
import { UsersSection } from './users-section.tsx';

interface SectionView {
  readonly view: () => ReactNode;
  readonly admin?: true;
}

const SECTIONS = {
  account: { view: AccountSection },
  appearance: { view: AppearanceSection },
  keys: { view: KeysSection, admin: true },
  users: { view: UsersSection, admin: true },
  platform: { view: PlatformSection },
  scanning: { view: ScanningSection },
  system: { view: SystemSection },
  audit: { view: AuditSection, admin: true },
} as const satisfies Readonly<Record<string, SectionView>>;

type SectionName = keyof typeof SECTIONS;

const NAMES = Object.keys(SECTIONS) as readonly SectionName[];
const FORBIDDEN = new ApiError({ status: 403, code: 'GC_FORBIDDEN', message: '' });
const NOT_FOUND = new ApiError({ status: 404, code: 'GC_NOT_FOUND', message: '' });

export function SettingsPage(): ReactNode {
  const text = useText();
  const isAdmin = useCan('admin');
  const { section } = useParams({ from: '/app/settings/$section' });
  const name = NAMES.find((one) => one === section);
  return (
    <>
      <PageHead title={text.settings.title} />
      <TabLinks
        label={text.settings.title}
        current={section}
        tabs={NAMES.map((key) => ({
          key,
          label: text.settings.tab[key],
          to: '/settings/$section',
          params: { section: key },
        }))}
      />
      <Section view={name === undefined ? undefined : SECTIONS[name]} isAdmin={isAdmin} />
    </>
  );
}

function Section(props: { readonly view: SectionView | undefined; readonly isAdmin: boolean }): ReactNode {
  if (props.view === undefined) return <ErrorState error={NOT_FOUND} />;
  if (props.view.admin && !props.isAdmin) return <ErrorState error={FORBIDDEN} needs="admin" />;
  const View = props.view.view;
  return <View />;
}
