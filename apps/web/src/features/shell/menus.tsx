// Language, theme and account menus of the top bar.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { call } from '../../api/client.ts';
import { sessionQuery } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/catalogue.ts';
import { useI18n, useText } from '../../i18n/i18n-context.tsx';
import { setTheme, THEMES, useTheme } from '../../theme/theme.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '../../ui/menu.tsx';

const THEME_ICONS = { system: 'monitor', light: 'sun', dark: 'moon' } as const;

export function PreferencesMenu(): ReactNode {
  const { text, language, setLanguage } = useI18n();
  const theme = useTheme();
  return (
    <>
      <Menu trigger={<IconButton icon="globe" label={text.app.language} />}>
        <MenuChoice
          label={text.app.language}
          value={language}
          options={LANGUAGES.map((one) => [one, LANGUAGE_NAMES[one]] as const)}
          onChange={setLanguage}
        />
      </Menu>
      <Menu trigger={<IconButton icon={THEME_ICONS[theme]} label={text.app.theme} />}>
        <MenuChoice
          label={text.app.theme}
          value={theme}
          options={THEMES.map((one) => [one, text.app.themes[one]] as const)}
          onChange={setTheme}
        />
      </Menu>
    </>
  );
}

/** Ends the session and goes to the sign-in screen. */
export function useSignOut(): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  return () => {
    void call('logout')
      .catch(() => undefined)
      // What is on screen must not ask again without a session: the sign-in screen forgets it when all else has gone.
      .then(() => {
        client.setQueryData(sessionQuery.queryKey, null);
        return navigate({ to: '/sign-in' });
      });
  };
}

export function AccountMenu({ onKeys }: { readonly onKeys: () => void }): ReactNode {
  const text = useText();
  const session = useSession();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Menu trigger={<IconButton icon="user" label={text.app.account} />}>
      {session !== undefined && (
        <MenuLabel>{text.app.signedInAs(session.user.name, text.role[session.user.role])}</MenuLabel>
      )}
      <MenuItem
        icon="settings"
        onSelect={() => void navigate({ to: '/settings/$section', params: { section: 'account' } })}
      >
        {text.nav.settings}
      </MenuItem>
      <MenuItem icon="keyboard" onSelect={() => setTimeout(onKeys)}>
        {text.app.shortcuts}
      </MenuItem>
      <MenuLine />
      <MenuItem icon="signOut" onSelect={signOut}>
        {text.app.signOut}
      </MenuItem>
    </Menu>
  );
}
