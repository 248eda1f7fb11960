// Language and theme of this browser, and the texts and formatters that follow from them.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { type Catalogue, type Language, loadCatalogue } from './catalogue.ts';
import { createFormat, type Format } from './format.ts';

interface I18n {
  readonly language: Language;
  readonly text: Catalogue;
  readonly format: Format;
  readonly setLanguage: (language: Language) => void;
}

const I18nContext = createContext<I18n | null>(null);
export const LANGUAGE_KEY = 'guardcell.lang';

export function I18nProvider(props: {
  readonly language: Language;
  readonly catalogue: Catalogue;
  /** Another language was chosen: what the server has said must be asked again. */
  readonly onChange: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { onChange } = props;
  const [current, setCurrent] = useState({ language: props.language, text: props.catalogue });
  const setLanguage = useCallback(
    (language: Language) => {
      void loadCatalogue(language).then((text) => {
        document.documentElement.lang = language;
        localStorage.setItem(LANGUAGE_KEY, language);
        setCurrent({ language, text });
        onChange();
      });
    },
    [onChange],
  );
  const value = useMemo<I18n>(
    () => ({ ...current, format: createFormat(current.language), setLanguage }),
    [current, setLanguage],
  );
  return <I18nContext value={value}>{props.children}</I18nContext>;
}

export function useI18n(): I18n {
  const value = useContext(I18nContext);
  if (value === null) throw new Error('I18nProvider is missing');
  return value;
}

export function useText(): Catalogue {
  return useI18n().text;
}

export function useFormat(): Format {
  return useI18n().format;
}

const TICK_MS = 15_000;
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer = 0;

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
  timer = listeners.size > 0 ? window.setTimeout(tick, TICK_MS) : 0;
}

/** The time now, refreshed every 15 s: for ages on screen, not for measuring. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      if (timer === 0) {
        nowMs = Date.now();
        timer = window.setTimeout(tick, TICK_MS);
      }
      return () => listeners.delete(listener);
    },
    () => nowMs,
  );
}
