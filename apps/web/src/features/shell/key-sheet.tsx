// The sheet of keyboard shortcuts.
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Modal } from '../../ui/modal.tsx';
import { PLACES } from './navigation.ts';
import s from './shell.module.css';

function Keys({ keys }: { readonly keys: string }): ReactNode {
  return (
    <span className={s.keys}>
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

export function KeySheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const text = useText();
  const anywhere: readonly (readonly [string, string])[] = [
    ['Ctrl K', text.keys.palette],
    ['/', text.keys.search],
    ['?', text.keys.sheet],
    ...PLACES.map((place) => [place.shortcut, text.nav[place.key]] as const),
  ];
  const lists: readonly (readonly [string, string])[] = [
    ['j', text.keys.down],
    ['k', text.keys.up],
    ['Enter', text.keys.open],
    ['Esc', text.keys.close],
    ['p', text.keys.tail],
  ];
  return (
    <Modal title={text.keys.title} onClose={onClose} wide>
      <div className={s.sheet}>
        {(
          [
            [text.keys.anywhere, anywhere],
            [text.keys.lists, lists],
          ] as const
        ).map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, what]) => (
                <div key={keys} className={s.sheetRow}>
                  <dt>{what}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
