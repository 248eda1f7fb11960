// The places of the console: address, icon, shortcut.
import type { Catalogue } from '../../i18n/catalogue.ts';
import type { IconName } from '../../ui/icon.tsx';

export interface Place {
  readonly key: keyof Catalogue['nav'] & IconName;
  readonly to:
    | '/'
    | '/events'
    | '/containers'
    | '/vulnerabilities'
    | '/images'
    | '/rules'
    | '/response'
    | '/settings';
  readonly shortcut: string;
}

export const PLACES: readonly Place[] = [
  { key: 'overview', to: '/', shortcut: 'g o' },
  { key: 'events', to: '/events', shortcut: 'g e' },
  { key: 'containers', to: '/containers', shortcut: 'g c' },
  { key: 'vulnerabilities', to: '/vulnerabilities', shortcut: 'g v' },
  { key: 'images', to: '/images', shortcut: 'g i' },
  { key: 'rules', to: '/rules', shortcut: 'g r' },
  { key: 'response', to: '/response', shortcut: 'g a' },
  { key: 'settings', to: '/settings', shortcut: 'g s' },
];
