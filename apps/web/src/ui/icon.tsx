// The icon set: 16-px grid, 1.5-px strokes, drawn for this console.
import type { ReactNode } from 'react';

const STROKES = {
  overview: 'M2.5 2.5h4.5v5h-4.5zM9 2.5h4.5v3H9zM9 8.5h4.5v5H9zM2.5 10.5H7v3H2.5z',
  events: 'M1.8 8.5h2.7l1.8-5 3 9.5 1.9-4.5h3',
  containers: 'M8 1.8 13.5 4.9v6.2L8 14.2 2.5 11.1V4.9zM2.7 5 8 8l5.3-3M8 8v6',
  vulnerabilities:
    'M8 14.2c-2.4 0-3.7-1.8-3.7-4.2V7.3C4.3 5 5.8 3.7 8 3.7s3.7 1.3 3.7 3.6V10c0 2.4-1.3 4.2-3.7 4.2zM8 7.5v6.5M4.3 8.7H1.8M14.2 8.7h-2.5M4.6 5.8 2.6 4M11.4 5.8l2-1.8M4.7 11.5l-2 1.8M11.3 11.5l2 1.8M6.3 3.9V2.5M9.7 3.9V2.5',
  images: 'M2.5 4.5 8 1.8l5.5 2.7L8 7.2zM2.5 8 8 10.7 13.5 8M2.5 11.5 8 14.2l5.5-2.7',
  rules: 'M4 2.5h6.5L13 5v8.5H4zM6.5 7h4M6.5 10h4M10.3 2.7V5.2H13',
  response: 'M9 1.8 3.5 9H8l-1 5.2L12.5 7H8z',
  settings:
    'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM6 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4',
  zoomOut: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4M5 7h4',
  close: 'M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  chevronDown: 'M4 6.2l4 4 4-4',
  chevronRight: 'M6.2 4l4 4-4 4',
  chevronUp: 'M4 9.8l4-4 4 4',
  arrowUp: 'M8 13V3.5M4 7.3 8 3.3l4 4',
  arrowDown: 'M8 3v9.5M4 8.7l4 4 4-4',
  download: 'M8 2.500v7.500M4.8 7 8 10.2 11.2 7M2.5 13.500h11',
  compare: 'M5.5 3v8.500M2.8 9l2.7 2.700L8.2 9M10.5 13V4.500M7.8 7l2.7-2.700L13.2 7',
  external: 'M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7M13.3 2.7 7.5 8.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.3V2.5h-8v8h2.8',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3l7.5 5L5 13z',
  stop: 'M4 4h8v8H4z',
  kill: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  quarantine: 'M8 1.8 13.3 4v3.8c0 3-2.1 5.2-5.3 6.4-3.2-1.2-5.3-3.4-5.3-6.4V4zM5.8 8h4.4',
  release: 'M8 1.8 13.3 4v3.8c0 3-2.1 5.2-5.3 6.4-3.2-1.2-5.3-3.4-5.3-6.4V4zM5.6 8l1.7 1.7L10.5 6.4',
  resume: 'M5 3l7.5 5L5 13z',
  notify: 'M3.5 11.5h9L11.3 9.8V7A3.3 3.3 0 0 0 4.7 7v2.8zM6.7 13.5h2.6',
  undo: 'M3 6h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3.3 2.8 6l2.7 2.7',
  edit: 'M3 13l.6-2.8 7-7 2.2 2.2-7 7z',
  trash: 'M3 4.5h10M6.3 4.3V2.8h3.4v1.5M4.3 4.7l.6 8.5h6.2l.6-8.5',
  plus: 'M8 3v10M3 8h10',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z',
  monitor: 'M2 3h12v8H2zM5.5 13.5h5',
  globe:
    'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2.2 8h11.6M8 2.2c3.4 3.4 3.4 8.2 0 11.6M8 2.2c-3.4 3.4-3.4 8.2 0 11.6',
  user: 'M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM2.8 13.6c.5-2.5 2.5-3.8 5.2-3.8s4.7 1.3 5.2 3.8',
  key: 'M10.5 9.5a3.5 3.5 0 1 0-3.3-2.3L2.5 12v1.5h2.8v-1.8H7V10z',
  keyboard: 'M1.5 4h13v8.5h-13zM4 6.7h.1M6.7 6.7h.1M9.3 6.7h.1M12 6.7h.1M4.5 10h7',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5',
  table: 'M2 3h12v10H2zM2 6.3h12M2 9.7h12M6 6.3V13',
  chart: 'M2.5 13.5h11M4 11V7.5M8 11V3M12 11V5.5',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3v3.4M8 5.1v.1',
  warning: 'M8 2.3 14.3 13H1.7zM8 6.3v3.2M8 11.3v.1',
  signOut: 'M6.5 2.5h-4v11h4M6.5 8h7M10.8 5.2 13.6 8l-2.8 2.8',
  link: 'M6.5 9.5l3-3M7.3 4.7l1.5-1.5a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.7 11.3l-1.5 1.5a2.8 2.8 0 0 1-4-4l1.5-1.5',
  file: 'M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.3',
  lock: 'M3.5 7h9v6.5h-9zM5.3 7V4.9a2.7 2.7 0 0 1 5.4 0V7',
  crown: 'M2.5 4.5l2.7 3L8 3l2.8 4.5 2.7-3-.9 7.5H3.4z',
  filter: 'M2 3.5h12L9.5 8.7v4.5l-3-1.5v-3z',
} as const;

export type IconName = keyof typeof STROKES;

/** Decorative: the text beside it (or the button's label) says what it means. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true" focusable="false">
      <path
        d={STROKES[name]}
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
