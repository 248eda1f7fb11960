// Theme and language of this browser.
import type { ReactNode } from 'react';
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/catalogue.ts';
import { useI18n } from '../../i18n/i18n-context.tsx';
import { setTheme, THEMES, useTheme } from '../../theme/theme.ts';
import { Segments } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import s from './settings.module.css';

export function AppearanceSection(): ReactNode {
  const { text, language, setLanguage } = useI18n();
  const theme = useTheme();
  return (
    <div className={s.pair}>
      <Card title={text.app.theme}>
        <div className={s.choice}>
          <Segments
            label={text.app.theme}
            value={theme}
            options={THEMES.map((one) => [one, text.app.themes[one]] as const)}
            onChange={setTheme}
          />
          <p className={s.hint}>{text.settings.appearance.themeHint}</p>
        </div>
      </Card>
      <Card title={text.app.language}>
        <div className={s.choice}>
          <Segments
            label={text.app.language}
            value={language}
            options={LANGUAGES.map((one) => [one, LANGUAGE_NAMES[one]] as const)}
            onChange={setLanguage}
          />
          <p className={s.hint}>{text.settings.appearance.languageHint}</p>
        </div>
      </Card>
    </div>
  );
}
