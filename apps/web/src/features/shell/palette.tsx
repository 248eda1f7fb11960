// The command palette: go anywhere, find a container or rule, switch theme and language, search events.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { containersQuery, rulesQuery } from '../../api/queries.ts';
import { artifactsQuery } from '../../api/scan-queries.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/catalogue.ts';
import { useI18n } from '../../i18n/i18n-context.tsx';
import { setTheme, THEMES } from '../../theme/theme.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { stepIndex } from '../../ui/key-matcher.ts';
import { Modal } from '../../ui/modal.tsx';
import { PLACES } from './navigation.ts';
import s from './palette.module.css';
import { matchItems, type PaletteItem } from './palette-items.ts';

interface Entry extends PaletteItem {
  readonly icon: IconName;
  readonly run: () => void;
}

function useEntries(typed: string): readonly Entry[] {
  const { text, language, setLanguage } = useI18n();
  const navigate = useNavigate();
  const containers = useInfiniteQuery(containersQuery({}));
  const rules = useQuery(rulesQuery);
  const images = useInfiniteQuery(artifactsQuery({}));
  return useMemo(() => {
    const places = PLACES.map(
      (place): Entry => ({
        id: place.to,
        group: text.palette.goTo,
        label: text.nav[place.key],
        keywords: place.key,
        note: place.shortcut,
        icon: place.key,
        run: () => void navigate({ to: place.to }),
      }),
    );
    const things = (containers.data?.pages ?? [])
      .flatMap((page) => page.items)
      .map(
        ({ container }): Entry => ({
          id: container.id,
          group: text.palette.containers,
          label: container.name || container.id.slice(0, 12),
          keywords: `${container.image.reference} ${container.id}`,
          note: container.image.reference,
          icon: 'containers',
          run: () => void navigate({ to: '/containers/$containerId', params: { containerId: container.id } }),
        }),
      );
    const scanned = (images.data?.pages ?? [])
      .flatMap((page) => page.items)
      .map(
        ({ id, name, references }): Entry => ({
          id: `image ${id}`,
          group: text.nav.images,
          label: name,
          keywords: `${id} ${references.join(' ')}`,
          icon: 'images',
          run: () => void navigate({ to: '/images/$imageId', params: { imageId: id } }),
        }),
      );
    const library = (rules.data?.items ?? []).map(
      (rule): Entry => ({
        id: `rule ${rule.name}`,
        group: text.palette.rules,
        label: (language === 'zh-CN' ? rule.title.zh : rule.title.en) || rule.name,
        keywords: `${rule.name} ${rule.tags.join(' ')} ${rule.mitre.join(' ')}`,
        icon: 'rules',
        run: () => void navigate({ to: '/rules/$ruleName', params: { ruleName: rule.name } }),
      }),
    );
    const commands: Entry[] = [
      ...THEMES.map(
        (theme): Entry => ({
          id: `theme ${theme}`,
          group: text.palette.commands,
          label: text.palette.theme(text.app.themes[theme]),
          keywords: `theme ${theme}`,
          icon: 'moon',
          run: () => setTheme(theme),
        }),
      ),
      ...LANGUAGES.map(
        (one): Entry => ({
          id: `language ${one}`,
          group: text.palette.commands,
          label: text.palette.language(LANGUAGE_NAMES[one]),
          keywords: `language ${one}`,
          icon: 'globe',
          run: () => setLanguage(one),
        }),
      ),
    ];
    const found = matchItems(
      typed === '' ? [...places, ...commands] : [...places, ...things, ...scanned, ...library, ...commands],
      typed,
    );
    if (typed.trim() === '') return found;
    return [
      ...found,
      {
        id: 'search',
        group: text.nav.events,
        label: text.palette.searchEvents(typed.trim()),
        icon: 'search',
        run: () => void navigate({ to: '/events', search: { q: typed.trim() } }),
      },
    ];
  }, [typed, text, language, setLanguage, navigate, containers.data, images.data, rules.data]);
}

export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { text } = useI18n();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const entries = useEntries(typed);
  const listId = useId();
  const current = Math.min(chosen, entries.length - 1);

  function run(entry: Entry | undefined): void {
    if (entry === undefined) return;
    onClose();
    entry.run();
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = stepIndex(current, event.key === 'ArrowDown' ? 1 : -1, entries.length);
      setChosen(next);
      document.querySelector(`[id="${listId}-${next}"]`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[current]);
    }
  }
  return (
    <Modal title={text.palette.title} onClose={onClose} bare wide>
      <div className={s.inputRow}>
        <Icon name="search" />
        <input
          // The palette is opened to be typed into.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          aria-label={text.palette.placeholder}
          placeholder={text.palette.placeholder}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKey}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={listId} role="listbox" aria-label={text.palette.title} className={s.list}>
        {entries.map((entry, index) => (
          <div key={entry.id} role="presentation">
            {entry.group !== entries[index - 1]?.group && (
              <div className={s.group} role="presentation">
                {entry.group}
              </div>
            )}
            {/* Keys are handled by the input that owns this list. */}
            {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
            <div
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === current}
              className={s.option}
              onPointerMove={() => setChosen(index)}
              onClick={() => run(entry)}
            >
              <Icon name={entry.icon} />
              <span className={s.optionLabel}>{entry.label}</span>
              {entry.note !== undefined && <span className={s.optionNote}>{entry.note}</span>}
            </div>
          </div>
        ))}
      </div>
    </Modal>
  );
}
